// Limits and defaults of the smaller parts of the room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "ingest/compression/decompress.h"
#include "ingest/found_files.h"
#include "ingest/joined_source.h"
#include "logdetect/ingest/checkpoint.h"
#include "logdetect/ingest/inputs.h"
#include "support/memory_stream.h"
#include "unit/ingest/ingest_fixtures.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing_support::TemporaryDirectory;

TEST(IngestDefaults, AreSafeForUnattendedUse) {
  const IngestOptions options;
  EXPECT_EQ(options.max_line_bytes, 65'536U);
  EXPECT_EQ(options.batch_bytes, 1'048'576U);
  EXPECT_EQ(options.batch_records, 16'384U);
  EXPECT_EQ(options.stitch_max_lines, 500U);
  EXPECT_EQ(options.stitch_max_bytes, 262'144U);
  EXPECT_TRUE(options.stitch);
  EXPECT_FALSE(options.force_text || options.recursive);
  EXPECT_EQ(options.encoding, Encoding::kAuto);
}

TEST(IngestDefaults, CountersBeginAtNothing) {
  const IngestCounters fresh;
  EXPECT_EQ(fresh.bytes, 0U);
  EXPECT_EQ(fresh.lines, 0U);
  EXPECT_EQ(fresh.lines_truncated, 0U);
  EXPECT_EQ(fresh.inputs_skipped, 0U);
  EXPECT_EQ(fresh.rotations, 0U);
  EXPECT_EQ(fresh.truncations, 0U);
  EXPECT_EQ(fresh.hole_bytes, 0U);
  EXPECT_TRUE(fresh.problems.empty());
  EXPECT_EQ(kMostProblems, 100U);
}

TEST(IngestDefaults, FollowedFilesWaitAsHelpSays) {
  const SourceEntry* const follow = find_source("follow");
  ASSERT_NE(follow, nullptr);
  const SourceOptions options(follow->options);
  EXPECT_EQ(options.number("flush_partial"), 5);
  EXPECT_EQ(options.number("flush_stitched"), 0.5);
  EXPECT_EQ(options.number("rotate_wait"), 30);
  for (const SourceOption& option : follow->options) {
    EXPECT_EQ(option.least, 0) << option.name;
    EXPECT_EQ(option.most, 86'400) << option.name;
  }
}

// Says what it counted.
class CountedSource final : public RecordSource {
 public:
  explicit CountedSource(std::uint64_t n) : n_(n) {}
  Result<bool> next(RecordBatch& /*batch*/, Micros /*wait*/) override { return false; }
  [[nodiscard]] IngestCounters counters() const override {
    return {n_, 2 * n_, 3 * n_, 4 * n_, 5 * n_, 6 * n_, 7 * n_, {}};
  }
  [[nodiscard]] const std::string& source_name(SourceId /*id*/) const override { return name_; }
  [[nodiscard]] Micros source_mtime(SourceId id) const override { return static_cast<Micros>(100 * n_) + id.value(); }
  [[nodiscard]] std::uint64_t total_bytes() const override { return 10 * n_; }
  [[nodiscard]] std::uint64_t consumed_bytes() const override { return n_; }

 private:
  std::uint64_t n_;
  std::string name_ = "counted";
};

TEST(JoinedCounters, AreSumsOfAllMembers) {
  JoinedSource joined(JoinedSource::Order::kOneAfterTheOther);
  EXPECT_EQ(joined.total_bytes(), 0U);
  EXPECT_EQ(joined.consumed_bytes(), 0U);
  joined.add(std::make_unique<CountedSource>(1), "a", 2);
  joined.add(std::make_unique<CountedSource>(10), "b", 1);
  const IngestCounters sum = joined.counters();
  EXPECT_EQ(sum.bytes, 11U);
  EXPECT_EQ(sum.lines, 22U);
  EXPECT_EQ(sum.lines_truncated, 33U);
  EXPECT_EQ(sum.inputs_skipped, 44U);
  EXPECT_EQ(sum.rotations, 55U);
  EXPECT_EQ(sum.truncations, 66U);
  EXPECT_EQ(sum.hole_bytes, 77U);
  EXPECT_EQ(joined.total_bytes(), 110U);
  EXPECT_EQ(joined.consumed_bytes(), 11U);
  EXPECT_EQ(joined.source_mtime(SourceId(0)), 100);
  EXPECT_EQ(joined.source_mtime(SourceId(1)), 101);
  EXPECT_EQ(joined.source_mtime(SourceId(2)), 1000) << "ids of a member begin at 0";
}

TEST(CompressionEdges, MagicsOfFourBytes) {
  using namespace std::string_literals;
  for (const std::string& head : {"\x50\x2A\x4D\x18"s, "\x5F\x2A\x4D\x18"s, "\x28\xB5\x2F\xFD"s}) {
    ASSERT_NE(find_compression(head), nullptr);
    EXPECT_EQ(find_compression(head)->name, "zstd");
    EXPECT_EQ(find_compression(head.substr(0, 3)), nullptr);
  }
  EXPECT_EQ(find_compression("\x60\x2A\x4D\x18"s), nullptr);
  EXPECT_EQ(find_compression("\x51\x2A\x4D\x19"s), nullptr);
}

TEST(CompressionEdges, WhatHardlyShrinksComesBackWhole) {
  Rng rng(5);
  std::string bytes(700'000, '\0');
  std::generate(bytes.begin(), bytes.end(), [&rng] { return static_cast<char>(rng.below(256)); });
  for (const auto pack : {testing_support::gzip, testing_support::zstd, testing_support::xz, testing_support::bzip2}) {
    testing_support::MemoryStream raw(pack(bytes) + std::string(20, '\0') + pack("end"));
    const Compression* const compression = find_compression(raw.peek(kMagicBytes).value());
    ASSERT_NE(compression, nullptr);
    const auto stream = decompress(raw, *compression, "packed");
    std::string unpacked;
    std::vector<char> room(10'000);
    for (auto got = stream->read(room.data(), room.size()); got && *got > 0;
         got = stream->read(room.data(), room.size())) {
      unpacked.append(room.data(), *got);
    }
    EXPECT_TRUE(unpacked == bytes + "end") << compression->name;
  }
}

TEST(InputOrderEdges, FiveDigitsAreANumberAndSixADate) {
  std::vector<std::string> names{"a.log", "a.log.1", "a.log.99999", "a.log.100000", "a.log.1.gz"};
  std::sort(names.begin(), names.end(), reads_before);
  EXPECT_THAT(names, ElementsAre("a.log.100000", "a.log.99999", "a.log.1", "a.log.1.gz", "a.log"));
}

TEST(FoundFiles, AreAllBelowADirectory) {
  const TemporaryDirectory directory;
  directory.write("b/two.log", "x\n");
  directory.write("one.log", "x\n");
  std::vector<std::string> found;
  append_files_below(directory.path() + "/", found);
  std::sort(found.begin(), found.end());
  EXPECT_THAT(found, ElementsAre(directory / "b/two.log", directory / "one.log"));
  std::vector<std::string> names;
  EXPECT_TRUE(list_directory(directory.path(), names));
  EXPECT_EQ(names.size(), 2U);
  EXPECT_FALSE(list_directory(directory / "missing", names));
  EXPECT_EQ(identity_at(directory / "missing"), directory / "missing");
  EXPECT_NE(identity_at(directory / "one.log"), identity_at(directory / "b/two.log"));
}

TEST(MissingNames, AtTheRootAreLookedForThere) {
  const auto missing = resolve_inputs({"/no such file at the root of all"}, {});
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().hint, Not(HasSubstr("cannot be read")));
  const auto far = resolve_inputs({"/no-such-directory/a.log"}, {});
  ASSERT_FALSE(far.ok());
  EXPECT_EQ(far.error().hint, "the directory '/no-such-directory' cannot be read either");
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

TEST(CheckpointFiles, AreForTheirOwnerOnly) {
  const TemporaryDirectory directory;
  const auto store = open_checkpoints(directory / "state");
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->write("here").ok());
  ASSERT_TRUE((*store)->write("there").ok());
  for (const char* name : {"state/lock", "state/state.a", "state/state.b"}) {
    EXPECT_EQ(mode_of(directory / name) & 0077, 0U) << name;
  }
}

TEST(CheckpointFiles, LinksAreNotWrittenThrough) {
  const TemporaryDirectory directory;
  const std::string victim = directory.write("victim", "kept");
  std::filesystem::create_directory(directory / "state");
  std::filesystem::create_symlink(victim, directory / "state/lock");
  EXPECT_FALSE(open_checkpoints(directory / "state").ok());
  std::filesystem::remove(directory / "state/lock");
  std::filesystem::create_symlink(victim, directory / "state/state.tmp");
  const auto store = open_checkpoints(directory / "state");
  ASSERT_TRUE(store.ok());
  EXPECT_FALSE((*store)->write("here").ok());
  EXPECT_EQ(std::filesystem::file_size(victim), 4U);
}

}  // namespace
}  // namespace logdetect
