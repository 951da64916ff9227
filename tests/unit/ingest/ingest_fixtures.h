#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/ingest/inputs.h"

namespace logdetect::testing_support {

/// A directory that vanishes with its content at the end of the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  /// Writes a file, creating the directories above it; returns its path.
  std::string write(std::string_view name, std::string_view bytes) const;

 private:
  std::string path_;
};

/// A record with its own text, for comparison after the batch is gone.
struct OwnedRecord {
  std::string text;
  std::uint64_t offset = 0;
  std::uint64_t line = 0;
  std::uint64_t length = 0;
  std::uint32_t line_count = 0;
  bool truncated = false;
  std::uint32_t source = 0;
  friend bool operator==(const OwnedRecord&, const OwnedRecord&) = default;
};

std::vector<OwnedRecord> owned(const RecordBatch& batch);
/// Everything a source gives; an Error fails the test.
std::vector<OwnedRecord> drain(RecordSource& source);
std::vector<std::string> texts(const std::vector<OwnedRecord>& records);
/// Records of a text, through TextSource.
std::vector<OwnedRecord> records_of(std::string text, const IngestOptions& options = {});

/// The bytes as UTF-16 of the given byte order, without a BOM. ASCII only.
std::string ascii_as_utf16(std::string_view text, bool little_endian);

/// Lines of a believable log, with a request id that makes each different.
std::string sample_log(std::size_t lines);

/// The bytes cut at random places; many pieces are empty or of one byte.
std::vector<std::string_view> random_pieces(std::string_view bytes, Rng& rng);

std::string gzip(std::string_view bytes);
std::string zstd(std::string_view bytes);
std::string xz(std::string_view bytes);
std::string bzip2(std::string_view bytes);

}  // namespace logdetect::testing_support
