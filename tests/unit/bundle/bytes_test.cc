#include "logdetect/bundle/bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>
#include <vector>

namespace logdetect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string bytes_of(const std::vector<int>& values) {
  std::string out;
  for (const int value : values) {
    out += static_cast<char>(value);
  }
  return out;
}

TEST(ByteWriter, IsLittleEndian) {
  ByteWriter out;
  out.u8(0x01);
  out.u16(0x0302);
  out.u32(0x07060504);
  out.u64(0x0F0E0D0C0B0A0908);
  EXPECT_EQ(out.size(), 15U);
  EXPECT_EQ(out.take(), bytes_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
}

TEST(ByteWriter, WritesIeeeNumbersAndPrefixedStrings) {
  ByteWriter out;
  out.f32(1.0F);
  out.str("ab");
  out.f32s(std::array<float, 1>{-2.0F});
  EXPECT_EQ(out.take(), bytes_of({0, 0, 0x80, 0x3F, 2, 0, 0, 0, 'a', 'b', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0}));
}

TEST(ByteReader, ReadsBackEverything) {
  ByteWriter out;
  out.u8(200);
  out.u16(60000);
  out.u32(4000000000U);
  out.u64(~0ULL);
  out.i64(std::numeric_limits<std::int64_t>::min());
  out.f32(-0.25F);
  out.f64(1e300);
  out.str(std::string_view("a\0b", 3));
  out.f32s(std::array<float, 3>{1, 2, 3});
  const std::string bytes = out.take();

  ByteReader in(bytes, "sample");
  EXPECT_EQ(in.u8(), 200);
  EXPECT_EQ(in.u16(), 60000);
  EXPECT_EQ(in.u32(), 4000000000U);
  EXPECT_EQ(in.u64(), ~0ULL);
  EXPECT_EQ(in.i64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(in.f32(), -0.25F);
  EXPECT_EQ(in.f64(), 1e300);
  EXPECT_EQ(in.str(), std::string_view("a\0b", 3));
  std::array<float, 3> values{};
  in.f32s(values);
  EXPECT_THAT(values, ElementsAre(1, 2, 3));
  EXPECT_TRUE(in.finish().ok());
}

TEST(ByteReader, ReadPastTheEndGivesZeroForGood) {
  const std::string bytes = bytes_of({1, 2, 3});
  ByteReader in(bytes, "section x");
  EXPECT_EQ(in.u32(), 0U);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.u8(), 0);  // three bytes are there, but the reader is broken
  const auto end = in.finish();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::kModel);
  EXPECT_THAT(end.error().message, HasSubstr("section x is broken at byte 0"));
  EXPECT_FALSE(end.error().hint.empty());
}

TEST(ByteReader, LeftoverBytesAreAnError) {
  const std::string bytes = bytes_of({1, 2, 3});
  ByteReader in(bytes, "section x");
  in.u16();
  EXPECT_THAT(in.finish().error().message, HasSubstr("byte 2: bytes are left over"));
}

TEST(ByteReader, CountIsBoundedByBytesLeftAndByTheLimit) {
  ByteWriter out;
  out.u64(3);
  out.u64(0);  // 8 bytes: room for 2 elements of 4, not for 3
  const std::string bytes = out.take();
  ByteReader fits(bytes, "x");
  EXPECT_EQ(fits.count(2, 100), 3U);
  ByteReader too_many(bytes, "x");
  EXPECT_EQ(too_many.count(4, 100), 0U);
  EXPECT_FALSE(too_many.ok());
  ByteReader over_limit(bytes, "x");
  EXPECT_EQ(over_limit.count(1, 2), 0U);
  EXPECT_FALSE(over_limit.ok());
}

TEST(ByteReader, HugeLengthsAllocateNothing) {
  ByteWriter out;
  out.u64(~0ULL);
  const std::string count = out.take();
  ByteReader in(count, "x");
  EXPECT_EQ(in.count(1, std::numeric_limits<std::size_t>::max()), 0U);

  ByteWriter text;
  text.u32(~0U);
  const std::string length = text.take();
  ByteReader string_in(length, "x");
  EXPECT_EQ(string_in.str(), "");
  EXPECT_FALSE(string_in.ok());
}

TEST(ByteReader, RefusesNanAndInfinity) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()}) {
    ByteWriter out;
    out.f32(bad);
    const std::string single = out.take();
    ByteReader in(single, "x");
    EXPECT_EQ(in.f32(), 0);
    EXPECT_FALSE(in.ok());

    ByteWriter array;
    array.f32s(std::array<float, 2>{1, bad});
    const std::string several = array.take();
    ByteReader array_in(several, "x");
    std::array<float, 2> values{};
    array_in.f32s(values);
    EXPECT_FALSE(array_in.ok());
    EXPECT_EQ(values[1], 0);

    ByteWriter wide;
    wide.f64(static_cast<double>(bad));
    const std::string wide_bytes = wide.take();
    ByteReader wide_in(wide_bytes, "x");
    EXPECT_EQ(wide_in.f64(), 0);
    EXPECT_FALSE(wide_in.ok());
  }
}

TEST(ByteReader, ArrayOfAnotherLengthIsRefused) {
  ByteWriter out;
  out.f32s(std::array<float, 2>{1, 2});
  const std::string bytes = out.take();
  ByteReader in(bytes, "x");
  std::array<float, 3> values{9, 9, 9};
  in.f32s(values);
  EXPECT_FALSE(in.ok());
  EXPECT_THAT(values, ElementsAre(0, 0, 0));
}

TEST(ByteReader, TheFirstReasonWins) {
  ByteReader in("", "x");
  in.fail("weights do not add up");
  in.fail("something else");
  EXPECT_THAT(in.finish().error().message, HasSubstr("weights do not add up"));
}

}  // namespace
}  // namespace logdetect
