#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "logdetect/base/file.h"
#include "support/text_source.h"
#include "unit/ingest/ingest_fixtures.h"

namespace logdetect {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::ascii_as_utf16;
using testing_support::drain;
using testing_support::OwnedRecord;
using testing_support::records_of;
using testing_support::sample_log;
using testing_support::TemporaryDirectory;
using testing_support::texts;
using testing_support::TextSource;

class ByteInputs : public ::testing::Test {
 protected:
  static Input named(const std::string& path) { return {path, path, true}; }
  static Input found(const std::string& path) { return {path, path, false}; }
  std::vector<OwnedRecord> read(const std::vector<Input>& inputs) {
    source_ = open(inputs);
    return drain(*source_);
  }
  [[nodiscard]] std::unique_ptr<RecordSource> open(const std::vector<Input>& inputs) const {
    auto source = open_inputs(inputs, {options_});
    EXPECT_TRUE(source.ok());
    return std::move(source).value();
  }
  [[nodiscard]] IngestCounters counters() const { return source_->counters(); }

  TemporaryDirectory directory_;
  IngestOptions options_;
  std::unique_ptr<RecordSource> source_;
};

TEST_F(ByteInputs, RecordsOfSeveralInputsInOrder) {
  const std::string a = directory_.write("a.log", "10:00:00 one\n10:00:01 two");
  const std::string b = directory_.write("b.log", "10:00:02 three\n");
  const std::vector<OwnedRecord> expected = {{"10:00:00 one", 0, 1, 13, 1, false, 0},
                                             {"10:00:01 two", 13, 2, 12, 1, false, 0},
                                             {"10:00:02 three", 0, 1, 15, 1, false, 1}};
  EXPECT_EQ(read({named(a), named(b)}), expected);
  EXPECT_EQ(counters().lines, 3U);
  EXPECT_EQ(counters().bytes, 40U);
  EXPECT_THAT(counters().problems, IsEmpty());
  EXPECT_EQ(source_->source_name(SourceId(1)), b);
  EXPECT_EQ(source_->total_bytes(), 40U);
  EXPECT_EQ(source_->consumed_bytes(), 40U);
  struct stat status {};
  ASSERT_EQ(::stat(a.c_str(), &status), 0);
  EXPECT_EQ(source_->source_mtime(SourceId(0)) / kMicrosPerSecond, status.st_mtim.tv_sec);
}

TEST_F(ByteInputs, ABatchNeverMixesInputsAndKeepsItsLimits) {
  options_.batch_records = 4;
  const std::string a = directory_.write("a.log", "1\n2\n3\n4\n5\n6\n");
  const std::string b = directory_.write("b.log", "7\n8\n");
  const auto source = open({named(a), named(b)});
  RecordBatch batch;
  std::vector<std::size_t> sizes;
  while (*source->next(batch, 0)) {
    sizes.push_back(batch.size());
    for (const Record& record : batch.records()) {
      EXPECT_EQ(record.position.source, batch.records()[0].position.source);
    }
  }
  EXPECT_THAT(sizes, ElementsAre(4, 2, 2));
  EXPECT_FALSE(*source->next(batch, 0)) << "the end stays";
}

TEST_F(ByteInputs, BatchesAreLimitedByBytes) {
  options_.batch_bytes = 1000;
  TextSource source(sample_log(500), "text", options_);
  RecordBatch batch;
  std::size_t records = 0;
  while (*source.next(batch, 0)) {
    EXPECT_LT(batch.bytes(), 1000U + 200U);
    records += batch.size();
  }
  EXPECT_EQ(records, 500U);
}

TEST_F(ByteInputs, AFileLargerThanABlockEqualsItsTextInMemory) {
  const std::string log = sample_log(20'000);
  ASSERT_GT(log.size(), 1'000'000U);
  const auto expected = records_of(log);
  EXPECT_THAT(expected, SizeIs(20'000));
  EXPECT_EQ(read({named(directory_.write("a.log", log))}), expected);
}

TEST_F(ByteInputs, EveryCompressionGivesTheSameRecords) {
  const std::string log = "10:00:00 head\r\n\tat a.b(C.java)\n" + sample_log(5000) + "last";
  const auto expected = records_of(log);
  for (const auto& pack : {testing_support::gzip, testing_support::zstd, testing_support::xz, testing_support::bzip2}) {
    // The name says nothing; the magic decides. The cut between members is in the middle of a line.
    const std::string path = directory_.write(
        "packed.log", pack(std::string_view(log).substr(0, 100)) + pack(std::string_view(log).substr(100)));
    EXPECT_EQ(read({named(path)}), expected);
    EXPECT_EQ(counters().bytes, log.size());
    EXPECT_THAT(counters().problems, IsEmpty());
    EXPECT_EQ(source_->consumed_bytes(), source_->total_bytes());
  }
}

TEST_F(ByteInputs, ATruncatedGzipKeepsItsGoodLinesAndTheRunGoesOn) {
  const std::string packed = testing_support::gzip(sample_log(3000));
  const std::string a = directory_.write("a.gz", packed.substr(0, packed.size() / 2));
  const std::string b = directory_.write("b.log", "next\n");
  const auto records = read({named(a), named(b)});
  ASSERT_GT(records.size(), 500U);
  EXPECT_TRUE(sample_log(3000).starts_with(records[0].text + "\n" + records[1].text));
  EXPECT_EQ(records.back().text, "next");
  ASSERT_THAT(counters().problems, SizeIs(1));
  EXPECT_EQ(counters().problems[0].where, a);
  EXPECT_THAT(counters().problems[0].message, HasSubstr("ends too early at byte " + std::to_string(packed.size() / 2)));
  EXPECT_EQ(counters().inputs_skipped, 0U);
}

TEST_F(ByteInputs, EmptyAndBlankFilesGiveNothing) {
  const std::string empty = directory_.write("empty", "");
  const std::string newlines = directory_.write("newlines", "\n\r\n \n");
  const std::string bom = directory_.write("bom", "\xEF\xBB\xBF");
  EXPECT_THAT(read({named(empty), named(newlines), named(bom)}), IsEmpty());
  EXPECT_EQ(counters().lines, 3U);
  EXPECT_THAT(counters().problems, IsEmpty());
}

TEST_F(ByteInputs, LineEndsAndEncodingsGiveTheSameText) {
  for (const char* end : {"\n", "\r\n"}) {
    const std::string text = "10:00:00 one"s + end + "10:00:01 two"s + end;
    const std::size_t line = 12 + std::string(end).size();
    struct Case {
      std::string bytes;
      std::uint64_t bom;
      std::uint64_t scale;
    };
    for (const Case& c :
         {Case{text, 0, 1}, Case{"\xEF\xBB\xBF" + text, 3, 1}, Case{"\xFF\xFE" + ascii_as_utf16(text, true), 2, 2},
          Case{"\xFE\xFF" + ascii_as_utf16(text, false), 2, 2}}) {
      for (const bool packed : {false, true}) {
        const auto records = read({named(directory_.write("x", packed ? testing_support::gzip(c.bytes) : c.bytes))});
        ASSERT_THAT(texts(records), ElementsAre("10:00:00 one", "10:00:01 two"));
        EXPECT_EQ(records[1].line, 2U);
        EXPECT_EQ(records[1].length, c.scale * line);
        // The first line begins after the BOM, except that UTF-16 counts it in.
        EXPECT_EQ(records[1].offset, c.bom + c.scale * line);
      }
    }
  }
}

TEST_F(ByteInputs, Utf16WithoutBomByOption) {
  const std::string path = directory_.write("x", ascii_as_utf16("10:00:00 one\n10:00:01 two", true));
  options_.encoding = Encoding::kUtf16Le;
  const auto records = read({named(path)});
  ASSERT_THAT(texts(records), ElementsAre("10:00:00 one", "10:00:01 two"));
  EXPECT_EQ(records[1].offset, 26U);
  EXPECT_EQ(records[1].length, 24U);
}

TEST_F(ByteInputs, AnOverlongLineIsCutAndCounted) {
  options_.batch_bytes = 1 << 20;
  const std::string overlong(10'000'000, 'x');  // NOLINT: large on purpose
  const std::string path = directory_.write("x", "a\n" + overlong + "\nb\n");
  const auto records = read({named(path)});
  ASSERT_THAT(records, SizeIs(3));
  EXPECT_EQ(records[1].text.size(), options_.max_line_bytes);
  EXPECT_EQ(records[1].length, 10'000'001U);
  EXPECT_TRUE(records[1].truncated);
  EXPECT_EQ(records[2].offset, 10'000'003U);
  EXPECT_EQ(counters().lines_truncated, 1U);
}

TEST_F(ByteInputs, ABinaryFileIsSkippedLoudlyOrQuietly) {
  const std::string binary = directory_.write("core",
                                              "\x7F"
                                              "ELF\0\0\0"s);
  const std::string log = directory_.write("a.log", "10:00:00 x\n");
  EXPECT_THAT(read({named(binary), found(binary), named(log)}), SizeIs(1));
  EXPECT_EQ(counters().inputs_skipped, 2U);
  ASSERT_THAT(counters().problems, SizeIs(1));
  EXPECT_EQ(counters().problems[0].code, ErrorCode::kInput);
  EXPECT_EQ(counters().problems[0].where, binary);
  EXPECT_THAT(counters().problems[0].hint, HasSubstr("--text"));
  options_.force_text = true;
  EXPECT_THAT(texts(read({named(binary)})), ElementsAre("\x7F"
                                                        "ELF\0\0\0"s));
  EXPECT_EQ(counters().inputs_skipped, 0U);
}

TEST_F(ByteInputs, UnmarkedUtf16IsNamedInTheHint) {
  const std::string path = directory_.write("x", ascii_as_utf16(sample_log(10), true));
  const auto source = open({named(path)});
  RecordBatch batch;
  const auto result = source->next(batch, 0);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().hint, HasSubstr("--encoding utf-16le"));
}

TEST_F(ByteInputs, AnUnreadableInputIsAProblemNotTheEnd) {
  const std::string log = directory_.write("a.log", "10:00:00 x\n");
  const std::string gone = directory_ / "gone.log";
  EXPECT_THAT(read({found(gone), named(directory_.path()), named(log)}), SizeIs(1));
  EXPECT_EQ(counters().inputs_skipped, 2U);
  ASSERT_THAT(counters().problems, SizeIs(2));
  EXPECT_THAT(counters().problems[0].to_string(), HasSubstr("gone.log: cannot open: No such file"));
  EXPECT_THAT(counters().problems[1].message, HasSubstr("is a directory"));
}

TEST_F(ByteInputs, APermissionProblemSaysSo) {
  const std::string secret = directory_.write("secret.log", "10:00:00 x\n");
  ASSERT_EQ(::chmod(secret.c_str(), 0), 0);
  if (::access(secret.c_str(), R_OK) == 0) {
    GTEST_SKIP() << "this user may read everything";
  }
  RecordBatch batch;
  const auto result = open({named(secret)})->next(batch, 0);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().hint, HasSubstr("permissions"));
}

TEST_F(ByteInputs, WhenNothingCouldBeReadTheFirstErrorIsReturned) {
  const auto source = open({named(directory_ / "one"), named(directory_ / "two")});
  RecordBatch batch;
  const auto result = source->next(batch, 0);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInput);
  EXPECT_EQ(result.error().where, directory_ / "one");
  EXPECT_FALSE(source->next(batch, 0)) << "and again";
}

TEST_F(ByteInputs, AReadErrorIsReportedWithItsPlace) {
  // Address 0 is never mapped, so reading this file there fails with EIO.
  const auto source = open({named("/proc/self/mem")});
  RecordBatch batch;
  const auto result = source->next(batch, 0);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().to_string(), HasSubstr("/proc/self/mem: cannot read at byte 0"));
}

TEST_F(ByteInputs, AtMostAHundredProblemsAreKept) {
  std::vector<Input> inputs(150, named(directory_ / "gone"));
  inputs.push_back(named(directory_.write("a.log", "x\n")));
  EXPECT_THAT(read(inputs), SizeIs(1));
  EXPECT_THAT(counters().problems, SizeIs(100));
  EXPECT_EQ(counters().inputs_skipped, 150U);
}

TEST_F(ByteInputs, AFileThatSaysItIsEmptyIsReadToItsEnd) {
  const auto records = read({named("/proc/self/status")});
  EXPECT_GT(records.size(), 5U);
  EXPECT_GT(counters().bytes, 0U);
}

TEST_F(ByteInputs, StandardInput) {
  const std::string path = directory_.write("in", testing_support::gzip("10:00:00 x\n"));
  const FileDescriptor saved(::dup(STDIN_FILENO));
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_GE(::dup2(file.get(), STDIN_FILENO), 0);
  EXPECT_THAT(texts(read({{.path = "-", .name = "<stdin>", .scheme = "stdin"}})), ElementsAre("10:00:00 x"));
  EXPECT_EQ(source_->source_name(SourceId(0)), "<stdin>");
  ASSERT_GE(::dup2(saved.get(), STDIN_FILENO), 0);
}

TEST_F(ByteInputs, APipeInSmallPiecesEqualsTheFile) {
  const std::string log = "\xEF\xBB\xBF" + sample_log(2000) + " indented\n\n  \xFF\nlast\r";
  const auto expected = read({named(directory_.write("a.log", log))});
  const std::string fifo = directory_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::thread writer([&] {
    const FileDescriptor fd(::open(fifo.c_str(), O_WRONLY | O_CLOEXEC));
    Rng rng(9);
    for (std::string_view rest = log; !rest.empty();) {
      const std::size_t size = std::min<std::size_t>(rest.size(), 1 + rng.below(700));
      EXPECT_TRUE(write_all(fd.get(), rest.substr(0, size), fifo).ok());
      rest.remove_prefix(size);
    }
  });
  const auto records = read({named(fifo)});
  writer.join();
  EXPECT_EQ(records, expected);
  EXPECT_EQ(source_->total_bytes(), 0U) << "unknown";
  EXPECT_EQ(source_->consumed_bytes(), log.size());
}

TEST_F(ByteInputs, ASignalWhileWaitingComesBackToTheCaller) {
  const std::string fifo = directory_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  FileDescriptor writer(::open(fifo.c_str(), O_RDWR | O_CLOEXEC));  // opening the other end does not wait then
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) {};
  ASSERT_EQ(::sigaction(SIGALRM, &action, &before), 0);
  const itimerval often = {{0, 5000}, {0, 5000}};
  ASSERT_EQ(::setitimer(ITIMER_REAL, &often, nullptr), 0);
  const auto source = open({named(fifo)});
  RecordBatch batch;
  ASSERT_TRUE(write_all(writer.get(), "10:00:00 be", fifo).ok());
  for (int i = 0; i < 3; ++i) {
    const auto more = source->next(batch, 0);
    ASSERT_TRUE(more);
    EXPECT_TRUE(*more);
    EXPECT_TRUE(batch.empty());
  }
  const itimerval never = {};
  ASSERT_EQ(::setitimer(ITIMER_REAL, &never, nullptr), 0);
  ASSERT_TRUE(write_all(writer.get(), "gun\n", fifo).ok());
  std::string text;
  // Whoever reads first lets the writer go, so that the end comes.
  std::thread closing([&] { writer.reset(); });
  while (*source->next(batch, 0)) {
    for (const Record& record : batch.records()) {
      text += record.text;
    }
  }
  closing.join();
  EXPECT_EQ(text, "10:00:00 begun");
  ::sigaction(SIGALRM, &before, nullptr);
}

TEST(TextSource, NulsAndInvalidBytesAreData) {
  EXPECT_THAT(texts(records_of("a\0b\n\xFF\xC3\n"s)), ElementsAre("a\0b"s, "\xFF\xC3"));
}

TEST(TextSource, LooksAtTheBeginningForIndentation) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "  one\n  two\nthree\n";
  }
  EXPECT_THAT(records_of(text), SizeIs(300));
}

}  // namespace
}  // namespace logdetect
