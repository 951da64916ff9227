#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/event.h"
#include "logdetect/report/output.h"

namespace logdetect {

/// Writes the rows of `logdetect parse`: line, last_line, time, level, template_id, template, parameters, as CSV or
/// JSON Lines. Template texts are encoded once and kept; rows are put together in one block, which goes to the output
/// whenever it is full, so that pieces end where rows end. Not thread-safe.
class RowWriter {
 public:
  RowWriter(Output& output, bool json) : output_(output), json_(json) {}

  Result<void> begin();
  /// Adds a row. `template_text` is called when the text for (id, revision) is not at hand. False when the block is
  /// full: call finish() then. No Result, because that would be made for every row.
  template <typename Text>
  [[nodiscard]] bool append(const Record& record, const Event& event, std::uint32_t revision,
                            std::span<const Parameter> parameters, Text template_text) {
    const std::string& columns = encoded(event.template_id, revision, template_text);
    if (json_) {
      append_row<true>(record, event, columns, parameters);
    } else {
      append_row<false>(record, event, columns, parameters);
    }
    return used_ < kBlockBytes;
  }
  /// Asks memory for the text kept of a template, well ahead of the append() that needs it: first where it stands,
  /// then, some calls later, the text itself.
  void prefetch(TemplateId id) const {
    if (const std::size_t place = id.value() % kMostCached; place < cache_.size()) {
      __builtin_prefetch(&cache_[place]);
    }
  }
  void prefetch_text(TemplateId id) const {
    if (const std::size_t place = id.value() % kMostCached; place < cache_.size()) {
      const char* const text = cache_[place].text.data();
      __builtin_prefetch(text);
      __builtin_prefetch(text + kCacheLineBytes);
    }
  }
  /// Hands what is held back to the output. Call it at the end.
  Result<void> finish();

 private:
  struct Cached {
    std::string text;
    std::uint32_t revision = 0;
    TemplateId id;
  };
  static constexpr std::size_t kCacheLineBytes = 64;
  static constexpr std::size_t kMostCached = std::size_t{1} << 18;  // more than there are templates by default

  template <typename Text>
  const std::string& encoded(TemplateId id, std::uint32_t revision, Text template_text) {
    const std::size_t place = id.value() % kMostCached;
    if (place >= cache_.size()) {
      cache_.resize(place + 1);
    }
    Cached& cached = cache_[place];
    if (cached.id != id || cached.revision != revision) {
      cached.text.clear();
      encode(id, template_text(id), cached.text);
      cached.revision = revision;
      cached.id = id;
    }
    return cached.text;
  }

  static constexpr std::size_t kBlockBytes = std::size_t{256} << 10;

  /// The columns of a template, with what stands between them.
  void encode(TemplateId id, std::string_view text, std::string& out) const;
  template <bool json>
  void append_row(const Record& record, const Event& event, std::string_view columns,
                  std::span<const Parameter> parameters);
  template <bool json>
  bool append_plain_list(std::span<const Parameter> parameters);
  template <bool json>
  void append_parameters(std::span<const Parameter> parameters);
  /// The end of the block, with room for `size` more bytes.
  char* room(std::size_t size) {
    if (block_.size() - used_ < size) {
      grow(size);
    }
    return block_.data() + used_;
  }
  void grow(std::size_t size);
  char* put_time(char* at, Micros time);

  Output& output_;
  bool json_;
  std::vector<char> block_;
  std::size_t used_ = 0;  // bytes of the block
  std::string list_;      // scratch
  std::string quoted_;    // scratch
  std::vector<Cached> cache_;
  std::array<char, 32> day_text_{};  // "2024-01-15T" of the last time written
  std::size_t day_size_ = 0;
  Micros day_ = 0;  // valid if day_size_ is not 0
};

}  // namespace logdetect
