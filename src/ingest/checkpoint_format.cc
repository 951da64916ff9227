#include "ingest/checkpoint_format.h"

#include "logdetect/base/hash.h"
#include "logdetect/bundle/bytes.h"

namespace logdetect {
namespace {

constexpr std::uint64_t kMagic = 0x4554415453474F4C;  // "LOGSTATE" in the file
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kMaxFingerprintBytes = 1024;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kPositionBytes = 4 + 4 + 8 * 8;  // of a position with an empty path
constexpr std::size_t kMaxPositions = kMaxCheckpointBytes / kPositionBytes;

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

Error damaged(std::string message) {
  return make_error(ErrorCode::kOutput, std::move(message));
}

}  // namespace

std::string encode_checkpoint(const Checkpoint& checkpoint) {
  ByteWriter writer;
  writer.u64(kMagic);
  writer.u32(kVersion);
  writer.u64(checkpoint.generation);
  writer.u64(checkpoint.positions.size());
  for (const FilePosition& position : checkpoint.positions) {
    write_position(writer, position);
  }
  std::string bytes = writer.take();
  ByteWriter checksum;
  checksum.u64(hash64(bytes));
  bytes += checksum.take();
  return bytes;
}

Result<Checkpoint> decode_checkpoint(std::string_view bytes) {
  if (bytes.size() < kChecksumBytes) {
    return damaged("checkpoint of " + std::to_string(bytes.size()) + " bytes is too short");
  }
  const std::string_view body = bytes.substr(0, bytes.size() - kChecksumBytes);
  ByteReader checksum(bytes.substr(body.size()), "checkpoint");
  if (checksum.u64() != hash64(body)) {
    return damaged("checkpoint is damaged: its checksum does not fit");
  }
  ByteReader reader(body, "checkpoint");
  if (reader.u64() != kMagic) {
    return damaged("not a checkpoint of logdetect");
  }
  if (const std::uint32_t version = reader.u32(); version != kVersion) {
    return damaged("checkpoint has version " + std::to_string(version) + ", this program reads version " +
                   std::to_string(kVersion));
  }
  Checkpoint checkpoint;
  checkpoint.generation = reader.u64();
  const std::size_t count = reader.count(kPositionBytes, kMaxPositions);
  checkpoint.positions.reserve(count);
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    checkpoint.positions.push_back(read_position(reader));
  }
  if (auto finished = reader.finish(); !finished) {
    return damaged(finished.error().message);
  }
  return checkpoint;
}

}  // namespace logdetect
