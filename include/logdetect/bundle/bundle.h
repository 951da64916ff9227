#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/base/shared_bytes.h"

namespace logdetect {

/// One named, versioned, checksummed part of a model file.
struct Section {
  std::string name;           ///< [a-z0-9_.]{1,32}, unique in the file
  std::uint32_t version = 1;  ///< of the section's own layout
  SharedBytes bytes;
};

/// The model file: a magic, a format version, a JSON manifest, sections, and a checksum on each (docs/model-format.md).
/// Nothing read from a file is trusted: sizes are checked against the bytes that are left before any allocation.
class Bundle {
 public:
  /// The manifest is a JSON object; the text is stored as given.
  void set_manifest(std::string json) { manifest_ = std::move(json); }
  [[nodiscard]] const std::string& manifest() const { return manifest_; }

  /// Precondition: no section of that name yet, and the name is well-formed.
  void add(Section section);
  /// The section, or null.
  [[nodiscard]] const Section* find(std::string_view name) const;
  /// The section. Errors: kModel when absent, or of a version above `newest_known` or below `oldest_known`.
  Result<const Section*> require(std::string_view name, std::uint32_t newest_known,
                                 std::uint32_t oldest_known = 1) const;
  [[nodiscard]] const std::vector<Section>& sections() const { return sections_; }

  /// The file's bytes. Deterministic.
  [[nodiscard]] std::string encode() const;
  /// Errors: kModel with three distinct messages for not-a-model, too old and too new, and one naming section and
  /// offset for damage. `name` is used in messages. The sections share the bytes.
  static Result<Bundle> decode(const SharedBytes& file, const std::string& name);

  /// Reads DIR/model.ldm; `path` may name the directory or the file itself. The file must be one regular file of at
  /// most 2 GiB. Errors: kModel.
  static Result<Bundle> load(const std::string& path);
  /// Creates the directory when missing and replaces DIR/model.ldm atomically. Errors: kOutput; the old file stays.
  Result<void> store(const std::string& directory) const;

 private:
  std::string manifest_ = "{}";
  std::vector<Section> sections_;
};

}  // namespace logdetect
