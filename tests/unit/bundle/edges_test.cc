// The limits of the container and of the numbers in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "bundle/format.h"
#include "logdetect/base/hash.h"
#include "logdetect/base/rng.h"
#include "logdetect/bundle/bundle.h"
#include "logdetect/bundle/bytes.h"

namespace logdetect {
namespace {

using ::testing::HasSubstr;

namespace format = model_format;

std::string overwrite(std::string bytes, std::size_t offset, std::string_view with) {
  return bytes.replace(offset, with.size(), with);
}

Error decode_error(const std::string& bytes) {
  auto bundle = Bundle::decode(bytes, "m/model.ldm");
  EXPECT_FALSE(bundle.ok());
  return bundle.ok() ? Error{} : bundle.error();
}

Bundle bundle_of(const std::vector<std::string>& names, const std::string& manifest = "{}") {
  Bundle bundle;
  bundle.set_manifest(manifest);
  for (const std::string& name : names) {
    bundle.add({name, 1, "the body of " + name});
  }
  return bundle;
}

TEST(SectionName, HasUpTo32SmallLettersDigitsPointsAndUnderscores) {
  EXPECT_TRUE(format::valid_section_name("a"));
  EXPECT_TRUE(format::valid_section_name("az09_."));
  EXPECT_TRUE(format::valid_section_name(std::string(32, 'a')));
  EXPECT_FALSE(format::valid_section_name(std::string(33, 'a')));
  EXPECT_FALSE(format::valid_section_name(""));
  for (const char bad : std::string("`{/:-^AZ @") + '\0') {
    EXPECT_FALSE(format::valid_section_name(std::string("a") + bad)) << bad;
  }
}

TEST(SectionName, TheLongestOneComesBack) {
  const std::string longest(32, 'z');
  const auto back = Bundle::decode(bundle_of({"a", longest}).encode(), "x");
  ASSERT_TRUE(back.ok()) << back.error().to_string();
  ASSERT_NE(back->find(longest), nullptr);
  EXPECT_EQ(back->find(longest)->bytes.view(), "the body of " + longest);
}

TEST(BundleDeathTest, SectionsHaveALimit) {
  Bundle bundle;
  for (std::size_t i = 0; i < format::kMaxSections; ++i) {
    bundle.add({"s" + std::to_string(i), 1, ""});
  }
  EXPECT_TRUE(Bundle::decode(bundle.encode(), "x").ok());
  EXPECT_DEATH(bundle.add({"one_more", 1, ""}), "too many");
}

TEST(Manifest, HasUpTo4MiB) {
  const std::string most = "{" + std::string(format::kMaxManifestBytes - 2, ' ') + "}";
  EXPECT_EQ(format::manifest_problem(most), nullptr);
  EXPECT_TRUE(Bundle::decode(bundle_of({"a"}, most).encode(), "x").ok());
  ASSERT_NE(format::manifest_problem(most + " "), nullptr);
  EXPECT_THAT(format::manifest_problem(most + " "), HasSubstr("longer than 4 MiB"));
  EXPECT_THAT(decode_error(bundle_of({"a"}, most + " ").encode()).message, HasSubstr("manifest at byte 44"));
}

TEST(Manifest, BlanksMayStandInFrontAndDepthIsNotASum) {
  EXPECT_EQ(format::manifest_problem(" \t\r\n{}"), nullptr);
  std::string wide = "{\"a\":[";
  for (int i = 0; i < 100; ++i) {
    wide += "[],{},";
  }
  EXPECT_EQ(format::manifest_problem(wide + "[]]}"), nullptr);
  EXPECT_EQ(format::manifest_problem(R"({"a":"\\","b":"]]]","c":"\"{"})"), nullptr);
  EXPECT_THAT(format::manifest_problem("x{}"), HasSubstr("not a JSON object"));
  EXPECT_THAT(format::manifest_problem("{]"), HasSubstr("not valid JSON"));
}

TEST(Encode, HeaderTableAndFooterHoldWhatTheyShould) {
  Bundle bundle;
  bundle.set_manifest(R"({"a":1})");
  bundle.add({"first", 7, "abc"});
  bundle.add({"second", 9, "defgh"});
  const std::string bytes = bundle.encode();
  EXPECT_TRUE(std::isdigit(static_cast<unsigned char>(bytes[12])) != 0) << "the creator's version";
  EXPECT_EQ(bytes[31], '\0');
  ByteReader counts(std::string_view(bytes).substr(32, 12), "counts");
  EXPECT_EQ(counts.u64(), 7U);
  EXPECT_EQ(counts.u32(), 2U);
  EXPECT_EQ(bytes.substr(44, 7), R"({"a":1})");
  const std::size_t table = 44 + 7;
  const std::size_t bodies = table + 2 * 68;
  ByteReader second(std::string_view(bytes).substr(table + 68 + 32, 36), "entry");
  EXPECT_EQ(bytes.substr(table + 68, 32), "second" + std::string(26, '\0'));
  EXPECT_EQ(second.u32(), 9U);
  EXPECT_EQ(second.u64(), bodies + 3);
  EXPECT_EQ(second.u64(), 5U);
  const Hash128 body = hash128(std::string_view("defgh"));
  EXPECT_EQ(second.u64(), body.low);
  EXPECT_EQ(second.u64(), body.high);
  EXPECT_EQ(bytes.substr(bodies, 8), "abcdefgh");
  ByteReader footer(std::string_view(bytes).substr(bodies + 8, 24), "footer");
  const Hash128 frame = hash128(std::string_view(bytes).substr(0, bodies));
  EXPECT_EQ(footer.u64(), frame.low);
  EXPECT_EQ(footer.u64(), frame.high);
  EXPECT_EQ(footer.u64(), bytes.size());
  EXPECT_EQ(bytes.substr(bodies + 32), "TDGL");
}

TEST(Decode, SaysWhereTheDamageIs) {
  const Bundle bundle = bundle_of({"alpha", "gamma"}, R"({"a":1})");
  const std::string bytes = bundle.encode();
  const std::size_t footer = bytes.size() - 28;
  EXPECT_THAT(decode_error(overwrite(bytes, 4, "x")).message, HasSubstr("header at byte 4: wrong byte-order mark"));
  EXPECT_THAT(decode_error(bytes.substr(0, 43)).message, HasSubstr("header at byte 43: the file ends too early"));
  EXPECT_THAT(decode_error(bytes.substr(0, 44)).message, HasSubstr("manifest at byte 44: the file ends too early"));
  EXPECT_THAT(decode_error(overwrite(bytes, 32, "\xFF\xFF\xFF")).message,
              HasSubstr("manifest at byte 44: the file ends too early"));
  EXPECT_THAT(decode_error(overwrite(bytes, 40, "\x05")).message,
              HasSubstr("section table at byte 51: the file ends too early"));
  EXPECT_THAT(decode_error(overwrite(bytes, footer + 16, "x")).message,
              HasSubstr("footer at byte " + std::to_string(footer) + ": the file was cut or extended"));
  EXPECT_THAT(decode_error(overwrite(bytes, bytes.size() - 1, "x")).message, HasSubstr("footer at byte"));
  EXPECT_THAT(decode_error(overwrite(bytes, 45, "x")).message, HasSubstr("the checksum does not match"));
  EXPECT_THAT(decode_error(overwrite(bytes, footer, "x")).message, HasSubstr("at byte 0: the checksum does not match"));
  EXPECT_THAT(decode_error(overwrite(bytes, footer - 1, "x")).message, HasSubstr("section 'gamma' at byte"));
}

TEST(Decode, TheCreatorOfANewerFileIsShownWithoutHarm) {
  const auto message = [](const std::string& creator) {
    std::string bytes = overwrite(bundle_of({"a"}).encode(), 8, std::string("\x02\0", 2));
    bytes.replace(12, 20, creator + std::string(20 - creator.size(), '\0'));
    return decode_error(bytes).message;
  };
  EXPECT_THAT(message("09.azAZ-+~"), HasSubstr("(09.azAZ-+~), needs format 2; this program reads up to 1"));
  EXPECT_THAT(message("/:`{@[ \n"), HasSubstr("(" + std::string(8, '?') + ")"));
  EXPECT_THAT(message(""), HasSubstr("(of unknown version)"));
  EXPECT_THAT(message(std::string(20, 'v')), HasSubstr("(" + std::string(20, 'v') + ")"));
}

TEST(Require, TakesVersionsBetweenTheTwo) {
  Bundle bundle;
  bundle.add({"a", 3, ""});
  EXPECT_TRUE(bundle.require("a", 3).ok());
  EXPECT_TRUE(bundle.require("a", 4, 2).ok());
  EXPECT_TRUE(bundle.require("a", 3, 3).ok());
  EXPECT_FALSE(bundle.require("a", 2).ok());
  EXPECT_FALSE(bundle.require("a", 4, 4).ok());
  bundle.add({"b", 1, ""});
  EXPECT_TRUE(bundle.require("b", 1).ok()) << "the first version is read where nothing else is said";
  EXPECT_FALSE(bundle.require("a", 2).error().hint.empty());
  EXPECT_FALSE(bundle.require("a", 4, 4).error().hint.empty());
  EXPECT_FALSE(bundle.require("c", 4).error().hint.empty());
}

TEST(Store, ADirectoryMayEndInASlash) {
  std::string pattern = ::testing::TempDir() + "logdetect_edges_XXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  EXPECT_TRUE(bundle_of({"a"}).store(pattern + "/m/").ok());
  EXPECT_TRUE(std::filesystem::exists(pattern + "/m/model.ldm"));
  const auto missing = Bundle::load(pattern + "/nowhere");
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr("no model there"));
  EXPECT_EQ(missing.error().where, pattern + "/nowhere");
  std::filesystem::remove_all(pattern);
}

TEST(Bytes, NumbersOfAnyWidthComeBack) {
  Rng rng(3);
  for (int round = 0; round < 500; ++round) {
    const std::uint64_t number = rng.next() >> rng.below(64);
    const auto wide = static_cast<double>(number);
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(number));
    out.u16(static_cast<std::uint16_t>(number));
    out.u32(static_cast<std::uint32_t>(number));
    out.u64(number);
    out.i64(-static_cast<std::int64_t>(number >> 1));
    out.f32(static_cast<float>(wide));
    out.f64(-wide);
    ASSERT_EQ(out.size(), 1U + 2 + 4 + 8 + 8 + 4 + 8);
    const std::string bytes = out.take();
    ByteReader in(bytes, "x");
    EXPECT_EQ(in.remaining(), bytes.size());
    EXPECT_EQ(in.u8(), static_cast<std::uint8_t>(number));
    EXPECT_EQ(in.u16(), static_cast<std::uint16_t>(number));
    EXPECT_EQ(in.u32(), static_cast<std::uint32_t>(number));
    EXPECT_EQ(in.u64(), number);
    EXPECT_EQ(in.i64(), -static_cast<std::int64_t>(number >> 1));
    EXPECT_EQ(in.f32(), static_cast<float>(wide));
    EXPECT_EQ(in.f64(), -wide);
    EXPECT_EQ(in.remaining(), 0U);
    EXPECT_TRUE(in.finish().ok());
    EXPECT_EQ(in.u8(), 0);
    EXPECT_THAT(in.finish().error().message, HasSubstr("at byte 35: it ends too early"));
  }
}

TEST(Bytes, AStringMayBeEmptyOrReachTheEnd) {
  ByteWriter out;
  out.str("");
  out.str("abc");
  const std::string bytes = out.take();
  ASSERT_EQ(bytes.size(), 4U + 4 + 3);
  ByteReader in(bytes, "x");
  EXPECT_EQ(in.str(), "");
  EXPECT_EQ(in.remaining(), 7U);
  EXPECT_EQ(in.str(), "abc");
  EXPECT_TRUE(in.finish().ok());
  ByteReader cut(std::string_view(bytes).substr(0, 10), "x");
  EXPECT_EQ(cut.str(), "");
  EXPECT_EQ(cut.str(), "");
  EXPECT_THAT(cut.finish().error().message, HasSubstr("at byte 8: it ends too early"));
}

TEST(Bytes, ACountFitsTheBytesLeftAndTheLimit) {
  const auto counted = [](std::uint64_t count, std::size_t bytes_behind, std::size_t each, std::size_t limit) {
    ByteWriter out;
    out.u64(count);
    const std::string bytes = out.take() + std::string(bytes_behind, 'x');
    ByteReader in(bytes, "x");
    const std::size_t n = in.count(each, limit);
    return in.ok() ? std::to_string(n) : std::to_string(n) + in.finish().error().message;
  };
  EXPECT_EQ(counted(3, 12, 4, 3), "3");
  EXPECT_EQ(counted(3, 12, 4, 4), "3");
  EXPECT_EQ(counted(0, 0, 4, 0), "0");
  EXPECT_THAT(counted(3, 12, 4, 2), HasSubstr("0x is broken at byte 8: a count is above its limit"));
  EXPECT_THAT(counted(3, 11, 4, 9), HasSubstr("0x is broken at byte 8: a count is larger than the data"));
  EXPECT_THAT(counted(1, 0, 1, 9), HasSubstr("a count is larger than the data"));
}

TEST(BytesDeathTest, AnElementHasASize) {
  const std::string bytes(8, '\0');
  ByteReader in(bytes, "x");
  EXPECT_DEATH(in.count(0, 1), "size per element");
}

TEST(Bytes, AnArrayMayBeEmptyAndMustBeWhole) {
  ByteWriter out;
  out.f32s({});
  out.f32s(std::array<float, 2>{1.5F, -2.0F});
  const std::string bytes = out.take();
  ASSERT_EQ(bytes.size(), 8U + 8 + 8);
  std::array<float, 2> values{};
  ByteReader in(bytes, "x");
  in.f32s({});
  in.f32s(values);
  EXPECT_TRUE(in.finish().ok());
  EXPECT_EQ(values[0], 1.5F);
  EXPECT_EQ(values[1], -2.0F);
  ByteReader cut(std::string_view(bytes).substr(0, 23), "x");
  cut.f32s({});
  cut.f32s(values);
  EXPECT_EQ(values[0], 0);
  EXPECT_THAT(cut.finish().error().message, HasSubstr("at byte 16: it ends too early"));
  ByteReader other(bytes, "x");
  std::array<float, 1> one{};
  other.f32s(one);
  EXPECT_THAT(other.finish().error().message, HasSubstr("at byte 8: an array has the wrong length"));
}

TEST(Bytes, WhatIsNotFiniteIsNamedWithItsPlace) {
  ByteWriter out;
  out.u32(7);
  out.f64(std::numeric_limits<double>::infinity());
  const std::string bytes = out.take();
  ByteReader in(bytes, "x");
  in.u32();
  EXPECT_EQ(in.f64(), 0);
  EXPECT_THAT(in.finish().error().message, HasSubstr("a number is not finite"));
}

}  // namespace
}  // namespace logdetect
