#include "ingest/follow_identity.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <string>

#include "unit/ingest/follow_fixture.h"

namespace logdetect {
namespace {

FileStatus status_of(std::uint64_t inode, std::uint64_t size) {
  FileStatus status;
  status.device = 1;
  status.inode = inode;
  status.size = size;
  status.modified = 50;
  status.born = 40;
  status.regular = true;
  return status;
}

/// What is known of a file with this head after all of it was read.
FilePosition known(std::string_view head, std::uint64_t inode = 7) {
  FilePosition position;
  identify(position, status_of(inode, head.size()), head);
  position.offset = head.size();
  return position;
}

TEST(FollowIdentity, NothingIsKnownOfAFreshPosition) {
  const FilePosition position;
  EXPECT_EQ(position.device + position.inode + position.offset + position.line, 0U);
  EXPECT_EQ(position.fingerprint_bytes, 0U);
  EXPECT_EQ(position.fingerprint_low, 0U);
  EXPECT_EQ(position.fingerprint_high, 0U);
  EXPECT_EQ(position.modified, 0);
  EXPECT_EQ(position.born, 0);
  const FileStatus status;
  EXPECT_EQ(status.device + status.inode + status.size + status.links, 0U);
  EXPECT_EQ(status.modified, 0);
  EXPECT_EQ(status.born, 0);
  EXPECT_FALSE(status.regular);
}

TEST(FollowIdentity, IdentifyingLeavesThePlaceAlone) {
  FilePosition position;
  position.offset = 11;
  position.line = 3;
  identify(position, status_of(7, 100), "head");
  EXPECT_EQ(position.device, 1U);
  EXPECT_EQ(position.inode, 7U);
  EXPECT_EQ(position.modified, 50);
  EXPECT_EQ(position.born, 40);
  EXPECT_EQ(position.fingerprint_bytes, 4U);
  EXPECT_EQ(position.offset, 11U);
  EXPECT_EQ(position.line, 3U);
}

TEST(FollowIdentity, AHeadMatchesWhenItBeginsWithWhatWasKnown) {
  const FilePosition position = known("first line\n");
  EXPECT_TRUE(head_matches(position, "first line\n"));
  EXPECT_TRUE(head_matches(position, "first line\nsecond"));
  EXPECT_FALSE(head_matches(position, "first line"));
  EXPECT_FALSE(head_matches(position, "first lime\n"));
  EXPECT_TRUE(head_matches(known(""), ""));
  EXPECT_TRUE(head_matches(known(""), "anything"));
}

TEST(FollowIdentity, TheSameFileNeedsInodeHeadAndSize) {
  const FilePosition position = known("first line\n");
  const auto size = position.offset;
  EXPECT_EQ(compare(position, status_of(7, size), "first line\n"), Likeness::kSameFile);
  EXPECT_EQ(compare(position, status_of(7, size - 1), "first line\n"), Likeness::kDifferent) << "shorter than was read";
  EXPECT_EQ(compare(position, status_of(7, size), "other line\n"), Likeness::kDifferent);
  EXPECT_EQ(compare(position, status_of(8, size), "first line\n"), Likeness::kCopy);
  FileStatus elsewhere = status_of(7, size);
  elsewhere.device = 2;
  EXPECT_EQ(compare(position, elsewhere, "first line\n"), Likeness::kCopy);
}

TEST(FollowIdentity, AReusedInodeIsToldByItsBirth) {
  FilePosition position = known("first line\n");
  FileStatus status = status_of(7, position.offset);
  status.born = 41;
  EXPECT_EQ(compare(position, status, "first line\n"), Likeness::kCopy);
  status.born = 0;
  EXPECT_EQ(compare(position, status, "first line\n"), Likeness::kSameFile) << "the file system does not tell";
  position.born = 0;
  status.born = 41;
  EXPECT_EQ(compare(position, status, "first line\n"), Likeness::kSameFile);
}

TEST(FollowIdentity, AnEmptyFileHasNoCopies) {
  EXPECT_EQ(compare(known(""), status_of(7, 0), ""), Likeness::kSameFile);
  EXPECT_EQ(compare(known(""), status_of(8, 0), ""), Likeness::kDifferent);
}

TEST(FollowIdentity, ACopyIsKnownOnlyWhenAllOfItAgrees) {
  const FilePosition small = known("first line\n");
  EXPECT_TRUE(already_known(small, status_of(7, 100), "first line\nmore")) << "the same file may have grown";
  EXPECT_TRUE(already_known(small, status_of(8, small.offset), "first line\n"));
  EXPECT_FALSE(already_known(small, status_of(8, small.offset + 1), "first line\nx")) << "something new is in it";
  EXPECT_FALSE(already_known(small, status_of(8, 3), "fir"));
  FilePosition half_read = small;
  half_read.offset = 5;
  EXPECT_FALSE(already_known(half_read, status_of(8, small.offset), "first line\n"));
  const std::string head(kFingerprintBytes, 'x');
  EXPECT_TRUE(already_known(known(head), status_of(8, 5000), head)) << "the whole fingerprint agrees";
  const std::string shorter(kFingerprintBytes - 1, 'x');
  EXPECT_FALSE(already_known(known(shorter), status_of(8, 5000), head));
}

TEST(FollowIdentity, LooksThroughNamesAndDescriptors) {
  const TempDirectory directory;
  append(directory / "a", "12345");
  std::filesystem::create_symlink("a", directory / "link");
  FileStatus named;
  ASSERT_EQ(look_at(directory / "a", true, named), 0);
  EXPECT_EQ(named.size, 5U);
  EXPECT_EQ(named.links, 1U);
  EXPECT_TRUE(named.regular);
  FileStatus linked;
  ASSERT_EQ(look_at(directory / "link", true, linked), 0);
  EXPECT_EQ(linked.inode, named.inode);
  EXPECT_EQ(linked.device, named.device);
  ASSERT_EQ(look_at(directory / "link", false, linked), 0);
  EXPECT_NE(linked.inode, named.inode);
  EXPECT_FALSE(linked.regular);
  EXPECT_EQ(look_at(directory / "missing", true, named), ENOENT);
  EXPECT_EQ(named.size, 5U) << "left alone";
  ASSERT_EQ(look_at(directory.path(), true, named), 0);
  EXPECT_FALSE(named.regular);
}

TEST(FollowIdentity, TimesAreInMicroseconds) {
  const TempDirectory directory;
  append(directory / "a", "x");
  const std::array<timespec, 2> times{timespec{1, 0}, timespec{1'700'000'000, 123'456'789}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (directory / "a").c_str(), times.data(), 0), 0);
  FileStatus status;
  ASSERT_EQ(look_at(directory / "a", true, status), 0);
  EXPECT_EQ(status.modified, 1'700'000'000'123'456);
}

TEST(FollowIdentity, OpensRegularFilesOnly) {
  const TempDirectory directory;
  append(directory / "a", std::string(3000, 'y'));
  std::filesystem::create_symlink("a", directory / "link");
  ASSERT_EQ(::mkfifo((directory / "fifo").c_str(), 0600), 0);
  FoundFile found;
  ASSERT_EQ(open_found(directory / "a", true, found), 0);
  EXPECT_EQ(found.path, directory / "a");
  EXPECT_EQ(found.head, std::string(kFingerprintBytes, 'y'));
  EXPECT_EQ(found.status.size, 3000U);
  EXPECT_NE(::fcntl(found.file.get(), F_GETFD) & FD_CLOEXEC, 0) << "no child may inherit it";
  EXPECT_EQ(open_found(directory / "link", true, found), 0);
  EXPECT_EQ(open_found(directory / "link", false, found), ELOOP);
  EXPECT_EQ(open_found(directory / "fifo", true, found), EINVAL);
  EXPECT_EQ(open_found(directory.path(), true, found), EINVAL);
  EXPECT_EQ(open_found(directory / "missing", true, found), ENOENT);
}

TEST(FollowIdentity, ReadsFromAnOffsetUpToTheEnd) {
  const TempDirectory directory;
  append(directory / "a", "0123456789");
  const FileDescriptor file(::open((directory / "a").c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 4> buffer{};
  EXPECT_EQ(read_at(file.get(), buffer, 3), 4);
  EXPECT_EQ(std::string_view(buffer.data(), 4), "3456");
  EXPECT_EQ(read_at(file.get(), buffer, 8), 2);
  EXPECT_EQ(std::string_view(buffer.data(), 2), "89");
  EXPECT_EQ(read_at(file.get(), buffer, 10), 0);
  EXPECT_EQ(read_at(-1, buffer, 0), -EBADF);
  EXPECT_EQ(read_head(file.get()), "0123456789");
  EXPECT_EQ(read_head(-1), "");
}

TEST(FollowPositions, ComeBackAsTheyWere) {
  FilePosition one = known("first line\n");
  one.path = "/srv/app.log";
  one.line = 12;
  FilePosition two;
  two.path = "/srv/web.log";
  two.fingerprint_bytes = 1024;
  const auto read = decode_positions(encode_positions({one, two}));
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->size(), 2U);
  const FilePosition& back = (*read)[0];
  EXPECT_EQ(back.path, one.path);
  EXPECT_EQ(back.device, one.device);
  EXPECT_EQ(back.inode, one.inode);
  EXPECT_EQ(back.fingerprint_low, one.fingerprint_low);
  EXPECT_EQ(back.fingerprint_high, one.fingerprint_high);
  EXPECT_EQ(back.fingerprint_bytes, one.fingerprint_bytes);
  EXPECT_EQ(back.offset, one.offset);
  EXPECT_EQ(back.line, one.line);
  EXPECT_EQ(back.modified, one.modified);
  EXPECT_EQ(back.born, one.born);
  EXPECT_EQ((*read)[1].fingerprint_bytes, 1024U);
  EXPECT_TRUE(decode_positions(encode_positions({}))->empty());
  two.fingerprint_bytes = 1025;
  EXPECT_FALSE(decode_positions(encode_positions({two})).ok()) << "no fingerprint is longer";
}

}  // namespace
}  // namespace logdetect
