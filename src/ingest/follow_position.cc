#include "ingest/follow_position.h"

#include "logdetect/bundle/bytes.h"

namespace logdetect {
namespace {

constexpr std::uint32_t kMaxFingerprintBytes = 1024;
constexpr std::size_t kPositionBytes = 4 + 4 + 8 * 8;  // of a position with an empty path
// A name rarely has more than sixteen positions, and a run follows at most 65535 names.
constexpr std::size_t kMaxPositions = std::size_t{1} << 20;

void write_position(ByteWriter& writer, const FilePosition& position) {
  writer.str(position.path);
  writer.u64(position.device);
  writer.u64(position.inode);
  writer.u64(position.fingerprint_low);
  writer.u64(position.fingerprint_high);
  writer.u32(position.fingerprint_bytes);
  writer.u64(position.offset);
  writer.u64(position.line);
  writer.i64(position.modified);
  writer.i64(position.born);
}

FilePosition read_position(ByteReader& reader) {
  FilePosition position;
  position.path = reader.str();
  position.device = reader.u64();
  position.inode = reader.u64();
  position.fingerprint_low = reader.u64();
  position.fingerprint_high = reader.u64();
  position.fingerprint_bytes = reader.u32();
  position.offset = reader.u64();
  position.line = reader.u64();
  position.modified = reader.i64();
  position.born = reader.i64();
  if (position.fingerprint_bytes > kMaxFingerprintBytes) {
    reader.fail("a fingerprint of more than 1024 bytes");
  }
  return position;
}

}  // namespace

std::string encode_positions(const std::vector<FilePosition>& positions) {
  ByteWriter writer;
  writer.u64(positions.size());
  for (const FilePosition& position : positions) {
    write_position(writer, position);
  }
  return writer.take();
}

Result<std::vector<FilePosition>> decode_positions(std::string_view bytes) {
  ByteReader reader(bytes, "positions of followed files");
  std::vector<FilePosition> positions;
  const std::size_t count = reader.count(kPositionBytes, kMaxPositions);
  positions.reserve(count);
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    positions.push_back(read_position(reader));
  }
  if (auto finished = reader.finish(); !finished) {
    return make_error(ErrorCode::kOutput, finished.error().message);
  }
  return positions;
}

}  // namespace logdetect
