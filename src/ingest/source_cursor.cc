#include "ingest/source_cursor.h"

#include "logdetect/base/hash.h"
#include "logdetect/bundle/bytes.h"

namespace logdetect {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kEmptyCursorBytes = 4 + 4;  // the lengths of scheme and bytes
constexpr std::size_t kMaxSources = 1000;         // one a scheme; a run has a handful

Error damaged(std::string message) {
  return make_error(ErrorCode::kOutput, std::move(message), "cursor", "begin anew with --start begin or --start end");
}

}  // namespace

std::string encode_cursor(const std::vector<SourceCursor>& cursors) {
  if (cursors.empty()) {
    return {};
  }
  ByteWriter writer;
  writer.u32(kVersion);
  writer.u64(cursors.size());
  for (const SourceCursor& cursor : cursors) {
    writer.str(cursor.scheme);
    writer.str(cursor.bytes);
  }
  std::string bytes = writer.take();
  ByteWriter checksum;
  checksum.u64(hash64(bytes));
  return bytes + checksum.take();
}

Result<std::vector<SourceCursor>> decode_cursor(std::string_view bytes) {
  std::vector<SourceCursor> cursors;
  if (bytes.empty()) {
    return cursors;
  }
  if (bytes.size() < kChecksumBytes) {
    return damaged("is damaged: only " + std::to_string(bytes.size()) + " bytes are left of it");
  }
  const std::string_view body = bytes.substr(0, bytes.size() - kChecksumBytes);
  ByteReader checksum(bytes.substr(body.size()), "cursor");
  // First of all: else a damaged version would be told as that of another program.
  if (checksum.u64() != hash64(body)) {
    return damaged("is damaged: its checksum does not fit");
  }
  ByteReader reader(body, "cursor");
  if (const std::uint32_t version = reader.u32(); reader.ok() && version != kVersion) {
    return damaged("has version " + std::to_string(version) + ", this program reads version " +
                   std::to_string(kVersion));
  }
  const std::size_t count = reader.count(kEmptyCursorBytes, kMaxSources);
  if (reader.ok() && count == 0) {
    reader.fail("it is of no source");
  }
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    std::string scheme(reader.str());
    cursors.push_back({std::move(scheme), std::string(reader.str())});
  }
  if (auto finished = reader.finish(); !finished) {
    return damaged(finished.error().message);
  }
  return cursors;
}

}  // namespace logdetect
