#include "ingest/source_cursor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/follow_source.h"
#include "logdetect/base/hash.h"
#include "logdetect/bundle/bytes.h"

namespace logdetect {
namespace {

using testing::HasSubstr;

std::string with_checksum(const std::string& body) {
  ByteWriter sum;
  sum.u64(hash64(body));
  return body + sum.take();
}

TEST(SourceCursor, ReadsWhatItWrote) {
  const std::vector<SourceCursor> written = {{"follow", std::string("\0any\xFF", 5)}, {"kafka", ""}};
  const auto read = decode_cursor(encode_cursor(written));
  ASSERT_TRUE(read.ok()) << read.error().to_string();
  ASSERT_EQ(read->size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ((*read)[i].scheme, written[i].scheme);
    EXPECT_EQ((*read)[i].bytes, written[i].bytes);
  }
}

TEST(SourceCursor, NothingIsTheBeginning) {
  EXPECT_EQ(encode_cursor({}), "");
  const auto read = decode_cursor("");
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->empty());
}

TEST(SourceCursor, BytesNeverChange) {
  const std::string bytes = encode_cursor({{"follow", "x"}});
  EXPECT_EQ(bytes.substr(0, 12), std::string("\1\0\0\0\1\0\0\0\0\0\0\0", 12));
  EXPECT_EQ(bytes.size(), 4U + 8 + (4 + 6) + (4 + 1) + 8);
}

TEST(SourceCursor, EveryTruncationAndEveryFlippedBitIsRefused) {
  const std::string good = encode_cursor({{"follow", "some bytes"}});
  for (std::size_t size = 1; size < good.size(); ++size) {
    const auto read = decode_cursor(good.substr(0, size));
    ASSERT_FALSE(read.ok()) << size;
    EXPECT_EQ(read.error().code, ErrorCode::kOutput);
    EXPECT_THAT(read.error().hint, HasSubstr("--start begin"));
  }
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string flipped = good;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(decode_cursor(flipped).ok()) << bit;
  }
}

TEST(SourceCursor, RefusesWhatIsRightlySummedButWrong) {
  const std::string good = encode_cursor({{"follow", "some bytes"}});
  const std::string body = good.substr(0, good.size() - 8);
  ASSERT_TRUE(decode_cursor(with_checksum(body)).ok());
  std::string newer = body;
  newer[0] = 2;
  EXPECT_THAT(decode_cursor(with_checksum(newer)).error().message,
              HasSubstr("version 2, this program reads version 1"));
  std::string many = body;
  many[4 + 5] = 1;  // 2^40 sources more
  EXPECT_FALSE(decode_cursor(with_checksum(many)).ok());
  std::string none = body.substr(0, 4) + std::string(8, '\0');
  EXPECT_FALSE(decode_cursor(with_checksum(none)).ok());
  EXPECT_FALSE(decode_cursor(with_checksum(body + "x")).ok());
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(decode_cursor(with_checksum(body.substr(0, size))).ok()) << size;
  }
}

TEST(FollowCursor, RoundTripAndRefusals) {
  FilePosition position;
  position.path = "app.log";
  position.offset = 123;
  position.fingerprint_bytes = 1024;
  const std::string good = follow_cursor({position});
  const auto read = read_follow_cursor(good);
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->front().path, "app.log");
  EXPECT_EQ(read->front().offset, 123U);
  EXPECT_TRUE(read_follow_cursor(follow_cursor({}))->empty());
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto cut = read_follow_cursor(good.substr(0, size));
    ASSERT_FALSE(cut.ok()) << size;
    EXPECT_EQ(cut.error().code, ErrorCode::kOutput);
  }
  EXPECT_FALSE(read_follow_cursor(good + "x").ok());
  std::string newer = good;
  newer[0] = 2;
  EXPECT_THAT(read_follow_cursor(newer).error().message, HasSubstr("version 2"));
  position.fingerprint_bytes = 1025;
  EXPECT_FALSE(read_follow_cursor(follow_cursor({position})).ok());
}

}  // namespace
}  // namespace logdetect
