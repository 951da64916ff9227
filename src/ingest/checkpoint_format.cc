#include "ingest/checkpoint_format.h"

#include "ingest/follow_source.h"
#include "ingest/source_cursor.h"
#include "logdetect/base/hash.h"
#include "logdetect/bundle/bytes.h"

namespace logdetect {
namespace {

constexpr std::uint64_t kMagic = 0x4554415453474F4C;  // "LOGSTATE" in the file
constexpr std::uint32_t kPositionsVersion = 1;        // positions of followed files stand where the cursor does now
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kHeadBytes = 8 + 4 + 8;  // magic, version, generation
constexpr std::size_t kChecksumBytes = 8;

Error damaged(std::string message) {
  return make_error(ErrorCode::kOutput, std::move(message));
}

// The cursor that the positions of a file of the first version are today.
Result<std::string> cursor_of_positions(std::string_view bytes) {
  LD_ASSIGN(const std::vector<FilePosition> positions, decode_positions(bytes));
  return encode_cursor({{"follow", follow_cursor(positions)}});
}

}  // namespace

std::string encode_checkpoint(const Checkpoint& checkpoint) {
  ByteWriter writer;
  writer.u64(kMagic);
  writer.u32(kVersion);
  writer.u64(checkpoint.generation);
  writer.str(checkpoint.cursor);
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
  const std::uint32_t version = reader.u32();
  if (version != kVersion && version != kPositionsVersion) {
    return damaged("checkpoint has version " + std::to_string(version) + ", this program reads version " +
                   std::to_string(kVersion));
  }
  Checkpoint checkpoint;
  checkpoint.generation = reader.u64();
  // State of an older release is read on, so that an update of the program skips no line.
  if (version == kPositionsVersion && reader.ok()) {
    LD_ASSIGN(checkpoint.cursor, cursor_of_positions(body.substr(kHeadBytes)));
    return checkpoint;
  }
  checkpoint.cursor = reader.str();
  if (auto finished = reader.finish(); !finished) {
    return damaged(finished.error().message);
  }
  return checkpoint;
}

}  // namespace logdetect
