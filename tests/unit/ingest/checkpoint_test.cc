#include <gmock/gmock.h>
#include <sys/wait.h>

#include "ingest/checkpoint_format.h"
#include "ingest/source_cursor.h"
#include "logdetect/base/hash.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/ingest/checkpoint.h"
#include "unit/ingest/follow_fixture.h"

namespace logdetect {
namespace {

using testing::HasSubstr;

FilePosition position(const std::string& path, std::uint64_t offset) {
  FilePosition made;
  made.path = path;
  made.device = 1;
  made.inode = 2;
  made.fingerprint_low = 3;
  made.fingerprint_high = 0xFEDCBA9876543210;
  made.fingerprint_bytes = 1024;
  made.offset = offset;
  made.line = 5;
  made.modified = -6;
  made.born = 7;
  return made;
}

bool same(const FilePosition& a, const FilePosition& b) {
  return a.path == b.path && a.device == b.device && a.inode == b.inode && a.fingerprint_low == b.fingerprint_low &&
         a.fingerprint_high == b.fingerprint_high && a.fingerprint_bytes == b.fingerprint_bytes &&
         a.offset == b.offset && a.line == b.line && a.modified == b.modified && a.born == b.born;
}

std::string read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::string cursor_at(std::uint64_t offset) {
  return encode_cursor({{"follow", follow_cursor({position("app.log", offset)})}});
}

// Offset of the first position in a cursor; 0 without one.
std::uint64_t offset_in(const std::string& cursor) {
  const auto sources = decode_cursor(cursor);
  EXPECT_TRUE(sources.ok());
  if (sources->empty()) {
    return 0;
  }
  EXPECT_EQ(sources->front().scheme, "follow");
  const auto positions = read_follow_cursor(sources->front().bytes);
  EXPECT_TRUE(positions.ok());
  return positions->front().offset;
}

std::string with_checksum(std::string body) {
  ByteWriter sum;
  sum.u64(hash64(body));
  return body + sum.take();
}

// A state file of the first layout, as versions before the cursor wrote it.
std::string first_layout(std::uint64_t generation, const std::vector<FilePosition>& positions) {
  ByteWriter head;
  head.u64(0x4554415453474F4C);
  head.u32(1);
  head.u64(generation);
  return with_checksum(head.take() + encode_positions(positions));
}

// The same of the newest intact checkpoint.
std::uint64_t stored_offset(const std::string& directory) {
  auto store = open_checkpoints(directory);
  EXPECT_TRUE(store.ok());
  const auto cursor = store.value()->read();
  EXPECT_TRUE(cursor.ok());
  return offset_in(cursor.value());
}

class Checkpoints : public testing::Test {
 protected:
  Checkpoints() { state = directory / "deep/state"; }

  void store(std::uint64_t offset) {
    auto opened = open_checkpoints(state);
    ASSERT_TRUE(opened.ok()) << opened.error().to_string();
    ASSERT_TRUE(opened.value()->write(cursor_at(offset)).ok());
  }

  TempDirectory directory;
  std::string state;
};

TEST(CheckpointFormat, ReadsWhatItWrote) {
  for (const std::string& cursor : {std::string(), std::string("any\0 bytes\xFF", 11), std::string(100'000, 'x')}) {
    const auto read = decode_checkpoint(encode_checkpoint({42, cursor}));
    ASSERT_TRUE(read.ok()) << read.error().to_string();
    EXPECT_EQ(read.value().generation, 42U);
    EXPECT_EQ(read.value().cursor, cursor);
  }
}

TEST(CheckpointFormat, BytesNeverChange) {
  const std::string bytes = encode_checkpoint({1, "cursor"});
  EXPECT_EQ(bytes.substr(0, 12), std::string("LOGSTATE\x02\0\0\0", 12));
  EXPECT_EQ(bytes.size(), 8U + 4 + 8 + (4 + 6) + 8);
}

TEST(CheckpointFormat, ReadsTheFirstLayout) {
  const std::vector<FilePosition> written = {position("a", 1), position("", 2),
                                             position("name\nwith\xFF", ~std::uint64_t{0})};
  const auto read = decode_checkpoint(first_layout(42, written));
  ASSERT_TRUE(read.ok()) << read.error().to_string();
  EXPECT_EQ(read.value().generation, 42U);
  const auto sources = decode_cursor(read.value().cursor);
  ASSERT_TRUE(sources.ok());
  ASSERT_EQ(sources->size(), 1U);
  const auto positions = read_follow_cursor(sources->front().bytes);
  ASSERT_TRUE(positions.ok());
  ASSERT_EQ(positions->size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    EXPECT_TRUE(same((*positions)[i], written[i])) << i;
  }
}

TEST(CheckpointFormat, RefusesWhatIsRightlySummedButWrong) {
  for (const std::string& good : {encode_checkpoint({1, cursor_at(4)}), first_layout(1, {position("app.log", 4)})}) {
    const std::string body = good.substr(0, good.size() - 8);
    ASSERT_TRUE(decode_checkpoint(with_checksum(body)).ok());

    std::string newer = body;
    newer[8] = 3;
    EXPECT_THAT(decode_checkpoint(with_checksum(newer)).error().message, HasSubstr("version 3"));
    std::string older = body;
    older[8] = 0;
    EXPECT_THAT(decode_checkpoint(with_checksum(older)).error().message, HasSubstr("version 0"));
    std::string longer = body;
    longer[20 + 3] = 1;  // 2^24 bytes, or positions, more
    EXPECT_FALSE(decode_checkpoint(with_checksum(longer)).ok());
    EXPECT_FALSE(decode_checkpoint(with_checksum(body + "x")).ok());
    EXPECT_FALSE(decode_checkpoint(with_checksum("GGGGGGGG" + body.substr(8))).ok());
    for (std::size_t size = 0; size < body.size(); ++size) {
      EXPECT_FALSE(decode_checkpoint(with_checksum(body.substr(0, size))).ok()) << size;
    }
  }
}

TEST_F(Checkpoints, EmptyAtFirst) {
  EXPECT_EQ(stored_offset(state), 0U);
}

TEST_F(Checkpoints, TheNewestIsRead) {
  for (std::uint64_t offset = 1; offset <= 5; ++offset) {
    store(offset);
    EXPECT_EQ(stored_offset(state), offset);
  }
  auto opened = open_checkpoints(state);
  ASSERT_TRUE(opened.ok());
  for (std::uint64_t offset = 6; offset <= 9; ++offset) {
    ASSERT_TRUE(opened.value()->write(cursor_at(offset)).ok());
    EXPECT_EQ(offset_in(opened.value()->read().value()), offset);
  }
  EXPECT_FALSE(std::filesystem::exists(state + "/state.tmp"));
}

// A write that ends in the middle, a lost sector, a flipped bit: the older generation must carry on, and the next write
// must not fall on the intact one.
TEST_F(Checkpoints, EveryTruncationFallsBack) {
  store(1);
  store(2);
  const std::string newest = state + "/state.b";
  const std::string bytes = read_bytes(newest);
  ASSERT_FALSE(bytes.empty());
  testing::internal::CaptureStderr();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    write_bytes(newest, bytes.substr(0, size));
    ASSERT_EQ(stored_offset(state), 1U) << size;
  }
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("state.b"));
}

TEST_F(Checkpoints, EveryFlippedBitFallsBack) {
  store(1);
  store(2);
  const std::string newest = state + "/state.b";
  const std::string bytes = read_bytes(newest);
  testing::internal::CaptureStderr();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    write_bytes(newest, flipped);
    ASSERT_EQ(stored_offset(state), 1U) << bit;
  }
  testing::internal::GetCapturedStderr();
}

TEST_F(Checkpoints, WritingAfterDamageReplacesTheDamagedOne) {
  store(1);
  store(2);
  write_bytes(state + "/state.b", std::string(100, '\0'));
  testing::internal::CaptureStderr();
  store(3);
  EXPECT_EQ(stored_offset(state), 3U);
  write_bytes(state + "/state.b", "");
  EXPECT_EQ(stored_offset(state), 1U);
  testing::internal::GetCapturedStderr();
}

TEST_F(Checkpoints, BothDamagedMeansNone) {
  store(1);
  store(2);
  testing::internal::CaptureStderr();
  write_bytes(state + "/state.a", "x");
  write_bytes(state + "/state.b", "y");
  EXPECT_EQ(stored_offset(state), 0U);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, HasSubstr("state.a"));
  EXPECT_THAT(said, HasSubstr("state.b"));
}

TEST_F(Checkpoints, AStateDirectoryOfTheFirstLayoutGoesOn) {
  std::filesystem::create_directories(state);
  write_bytes(state + "/state.a", first_layout(7, {position("app.log", 7)}));
  write_bytes(state + "/state.b", first_layout(6, {position("app.log", 6)}));
  EXPECT_EQ(stored_offset(state), 7U);
  store(8);
  EXPECT_EQ(stored_offset(state), 8U);
  write_bytes(state + "/state.b", "");
  EXPECT_EQ(stored_offset(state), 7U) << "the newest of the old ones was kept";
}

TEST_F(Checkpoints, LeftoverOfAKilledWriteIsHarmless) {
  store(1);
  write_bytes(state + "/state.tmp", "torn");
  EXPECT_EQ(stored_offset(state), 1U);
  store(2);
  EXPECT_EQ(stored_offset(state), 2U);
}

TEST_F(Checkpoints, SecondHolderIsRefusedWithThePidOfTheFirst) {
  {
    auto first = open_checkpoints(state);
    ASSERT_TRUE(first.ok());
    auto second = open_checkpoints(state);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::kOutput);
    EXPECT_THAT(second.error().message, HasSubstr("process " + std::to_string(::getpid())));
    EXPECT_FALSE(second.error().hint.empty());
  }
  EXPECT_TRUE(open_checkpoints(state).ok());
}

TEST_F(Checkpoints, LockOfADeadProcessIsFree) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto held = open_checkpoints(state);
    ::_exit(held.ok() ? 0 : 1);  // without destructors, as a crash
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  EXPECT_TRUE(open_checkpoints(state).ok());
}

TEST_F(Checkpoints, UnusableDirectoryIsAnOutputError) {
  write_bytes(directory / "file", "");
  for (const std::string& path : {directory / "file", directory / "file/below"}) {
    const auto opened = open_checkpoints(path);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::kOutput);
    EXPECT_EQ(opened.error().where, path);
  }
}

TEST_F(Checkpoints, FailedWriteLeavesTheLastOneAlone) {
  auto opened = open_checkpoints(state);
  ASSERT_TRUE(opened.ok());
  ASSERT_TRUE(opened.value()->write(cursor_at(1)).ok());
  std::filesystem::create_directory(state + "/state.tmp");
  const auto failed = opened.value()->write(cursor_at(2));
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kOutput);
  EXPECT_EQ(offset_in(opened.value()->read().value()), 1U);
  std::filesystem::remove(state + "/state.tmp");
  ASSERT_TRUE(opened.value()->write(cursor_at(3)).ok());
  EXPECT_EQ(offset_in(opened.value()->read().value()), 3U);
}

}  // namespace
}  // namespace logdetect
