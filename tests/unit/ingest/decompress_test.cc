#include "ingest/compression/decompress.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/memory_stream.h"
#include "unit/ingest/ingest_fixtures.h"

namespace logdetect {
namespace {

using namespace std::string_literals;
using testing_support::MemoryStream;
using testing_support::sample_log;

struct Kind {
  const char* name;
  std::string (*pack)(std::string_view);
};

void PrintTo(const Kind& kind, std::ostream* out) {  // NOLINT: name given by GoogleTest
  *out << kind.name;
}

struct Unpacked {
  std::string bytes;
  std::string error;  // empty: none
};

Unpacked unpack(std::string packed, std::size_t room = 10'000) {
  Unpacked result;
  MemoryStream raw(std::move(packed));
  const Compression* const compression = find_compression(raw.peek(kMagicBytes).value());
  if (compression == nullptr) {
    result.error = "not recognised";
    return result;
  }
  const auto stream = decompress(raw, *compression, "packed");
  std::vector<char> buffer(room);
  while (true) {
    const auto got = stream->read(buffer.data(), buffer.size());
    if (!got) {
      result.error = got.error().to_string();
      EXPECT_EQ(got.error().code, ErrorCode::kInput);
      return result;
    }
    if (*got == 0) {
      return result;
    }
    result.bytes.append(buffer.data(), *got);
  }
}

class Decompress : public ::testing::TestWithParam<Kind> {
 protected:
  [[nodiscard]] static std::string pack(std::string_view bytes) { return GetParam().pack(bytes); }
  const std::string log_ = sample_log(3000);
};

TEST_P(Decompress, RoundTripWithAnyRoom) {
  for (const std::size_t room : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, std::size_t{1'000'000}}) {
    const Unpacked result = unpack(pack(log_), room);
    EXPECT_EQ(result.error, "");
    EXPECT_EQ(result.bytes, log_);
  }
}

TEST_P(Decompress, IsRecognisedByName) {
  const Compression* const found = find_compression(pack("x"));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->name, GetParam().name);
}

TEST_P(Decompress, NothingPackedIsNothing) {
  const Unpacked result = unpack(pack(""));
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.bytes, "");
}

TEST_P(Decompress, MembersOneAfterTheOther) {
  const Unpacked result = unpack(pack(log_) + pack("") + pack("last\n"));
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.bytes, log_ + "last\n");
}

TEST_P(Decompress, ZeroPaddingIsSkipped) {
  const Unpacked result = unpack(pack("a\n") + std::string(1000, '\0') + pack("b\n") + std::string(8, '\0'));
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.bytes, "a\nb\n");
}

TEST_P(Decompress, GarbageBehindIsReportedWithItsPlace) {
  const std::string packed = pack(log_);
  const Unpacked result = unpack(packed + "this is no member");
  EXPECT_EQ(result.bytes, log_);
  EXPECT_NE(result.error.find("follow the compressed data at byte " + std::to_string(packed.size())), std::string::npos)
      << result.error;
}

TEST_P(Decompress, EveryTruncationKeepsAPrefixAndIsReported) {
  const std::string log = sample_log(40);
  const std::string packed = pack(log);
  for (std::size_t size = kMagicBytes; size < packed.size(); ++size) {
    const Unpacked result = unpack(packed.substr(0, size));
    ASSERT_NE(result.error.find("ends too early at byte " + std::to_string(size)), std::string::npos)
        << size << ' ' << result.error;
    ASSERT_TRUE(std::string_view(log).starts_with(result.bytes)) << size;
  }
}

TEST_P(Decompress, ATruncatedSecondMemberKeepsTheFirst) {
  const std::string second = pack(log_);
  const Unpacked result = unpack(pack("first\n") + second.substr(0, second.size() / 2));
  EXPECT_TRUE(result.bytes.starts_with("first\n"));
  EXPECT_NE(result.error.find("ends too early"), std::string::npos) << result.error;
}

TEST_P(Decompress, DamageInTheMiddleKeepsWhatCameBefore) {
  // Several members, so that something whole precedes the damage whatever the block size.
  const std::string first = pack(log_);
  std::string packed = first + pack(log_) + pack(log_);
  for (std::size_t i = 0; i < 40; ++i) {
    packed[first.size() + first.size() / 2 + i] = '\xA5';
  }
  const Unpacked result = unpack(packed);
  EXPECT_TRUE(result.bytes.starts_with(log_));
  EXPECT_LT(result.bytes.size(), 3 * log_.size());
  EXPECT_NE(result.error, "");
}

TEST_P(Decompress, AnErrorStays) {
  MemoryStream raw(pack(log_).substr(0, 100));
  const auto stream = decompress(raw, *find_compression(raw.peek(kMagicBytes).value()), "packed");
  std::vector<char> buffer(1 << 20);
  while (stream->read(buffer.data(), buffer.size()).ok()) {
  }
  EXPECT_FALSE(stream->read(buffer.data(), buffer.size()).ok());
}

TEST_P(Decompress, AnyFlippedByteIsSurvived) {
  const std::string log = sample_log(20);
  const std::string packed = pack(log);
  for (std::size_t i = 0; i < packed.size(); ++i) {
    std::string damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    EXPECT_LE(unpack(damaged).bytes.size(), 1'000'000U);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, Decompress,
                         ::testing::Values(Kind{"gzip", testing_support::gzip}, Kind{"zstd", testing_support::zstd},
                                           Kind{"xz", testing_support::xz}, Kind{"bzip2", testing_support::bzip2}),
                         [](const auto& kind) { return std::string(kind.param.name); });

TEST(Compressions, PlainTextIsNone) {
  for (const std::string& head : {""s, "\x1F\x8B"s, "BZh9 is a word"s, "2024-01-01 10:00:00 started"s, "PK\x03\x04"s,
                                  "\xFD"
                                  "7zXY"s,
                                  "P*M\x17"s}) {
    EXPECT_EQ(find_compression(head), nullptr) << head;
  }
}

TEST(Compressions, ZstdSkippableFrames) {
  const std::string skippable = "\x53\x2A\x4D\x18\x04\x00\x00\x00meta"s;
  const Unpacked result = unpack(skippable + testing_support::zstd("data\n"));
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.bytes, "data\n");
}

TEST(Compressions, AZstdWindowBeyondTheLimitIsRefused) {
  // A frame header that asks for a window of 2^31 bytes: descriptor 0, window exponent 21.
  const Unpacked result = unpack("\x28\xB5\x2F\xFD\x00\xA8\x01\x00\x00"s + std::string(20, 'x'));
  EXPECT_EQ(result.bytes, "");
  EXPECT_NE(result.error.find("the zstd data is damaged"), std::string::npos) << result.error;
}

TEST(Compressions, ABombIsUnpackedPieceByPiece) {
  const std::string bomb = testing_support::gzip(std::string(20'000'000, 'x'));  // NOLINT: large on purpose
  MemoryStream raw(bomb);
  const auto stream = decompress(raw, *find_compression(bomb), "bomb");
  std::vector<char> buffer(65'536);
  std::size_t total = 0;
  for (auto got = stream->read(buffer.data(), buffer.size()); got && *got > 0;
       got = stream->read(buffer.data(), buffer.size())) {
    total += *got;
  }
  EXPECT_EQ(total, 20'000'000U);
}

}  // namespace
}  // namespace logdetect
