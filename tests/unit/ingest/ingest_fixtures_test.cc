#include "unit/ingest/ingest_fixtures.h"

#include <bzlib.h>
#include <lzma.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "support/text_source.h"

// Not tests: what the tests of this room share. The name makes the build pick it up.
namespace logdetect::testing_support {

TemporaryDirectory::TemporaryDirectory() : path_(::testing::TempDir() + "logdetect_ingest_XXXXXX") {
  if (::mkdtemp(path_.data()) == nullptr) {
    ADD_FAILURE() << "no temporary directory";
  }
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryDirectory::write(std::string_view name, std::string_view bytes) const {
  std::string path = *this / name;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

std::vector<OwnedRecord> owned(const RecordBatch& batch) {
  std::vector<OwnedRecord> result;
  result.reserve(batch.size());
  for (const Record& record : batch.records()) {
    const SourcePosition& at = record.position;
    result.push_back({std::string(record.text), at.offset, at.line, at.length, record.line_count, record.truncated,
                      at.source.value()});
  }
  return result;
}

std::vector<OwnedRecord> drain(RecordSource& source) {
  std::vector<OwnedRecord> result;
  RecordBatch batch;
  while (true) {
    const auto more = source.next(batch, 0);
    if (!more) {
      ADD_FAILURE() << more.error().to_string();
      return result;
    }
    if (!*more) {
      EXPECT_TRUE(batch.empty());
      return result;
    }
    for (OwnedRecord& record : owned(batch)) {
      result.push_back(std::move(record));
    }
  }
}

std::vector<std::string> texts(const std::vector<OwnedRecord>& records) {
  std::vector<std::string> result;
  result.reserve(records.size());
  for (const OwnedRecord& record : records) {
    result.push_back(record.text);
  }
  return result;
}

std::vector<OwnedRecord> records_of(std::string text, const IngestOptions& options) {
  TextSource source(std::move(text), "text", options);
  return drain(source);
}

std::string ascii_as_utf16(std::string_view text, bool little_endian) {
  std::string out;
  for (const char c : text) {
    out += little_endian ? c : '\0';
    out += little_endian ? '\0' : c;
  }
  return out;
}

std::string sample_log(std::size_t lines) {
  Rng rng(7);
  std::string out;
  for (std::size_t i = 0; i < lines; ++i) {
    out += "2024-03-01T10:00:0" + std::to_string(i % 10) + " INFO shop request " + std::to_string(rng.next()) +
           " served in " + std::to_string(rng.below(1000)) + " ms\n";
  }
  return out;
}

std::vector<std::string_view> random_pieces(std::string_view bytes, Rng& rng) {
  std::vector<std::string_view> pieces;
  while (!bytes.empty()) {
    const std::uint64_t most = rng.below(3) == 0 ? 2 : 40;
    const std::size_t size = std::min<std::size_t>(bytes.size(), rng.below(most));
    pieces.push_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return pieces;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  std::string in(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3);
  EXPECT_EQ(ZSTD_isError(size), 0U);
  out.resize(size);
  return out;
}

std::string xz(std::string_view bytes) {
  std::string out(lzma_stream_buffer_bound(bytes.size()), '\0');
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                    bytes.size(), reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

std::string bzip2(std::string_view bytes) {
  std::string in(bytes);
  std::string out(in.size() + in.size() / 50 + 1000, '\0');
  auto size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, in.data(), static_cast<unsigned>(in.size()), 1, 0, 0), BZ_OK);
  out.resize(size);
  return out;
}

}  // namespace logdetect::testing_support
