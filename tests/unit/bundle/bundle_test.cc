#include "logdetect/bundle/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "bundle/format.h"
#include "logdetect/base/hash.h"
#include "logdetect/bundle/bytes.h"

namespace logdetect {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace format = model_format;

Bundle small_bundle() {
  Bundle bundle;
  bundle.set_manifest(R"({"tool":"logdetect","lines":12})");
  bundle.add({"header", 1, "iso plan"});
  bundle.add({"templates", 3, std::string("connected to <*>\0\xFF", 18)});
  bundle.add({"detector.empty", 1, ""});
  return bundle;
}

Error decode_error(std::string_view bytes) {
  auto bundle = Bundle::decode(std::string(bytes), "m/model.ldm");
  EXPECT_FALSE(bundle.ok());
  return bundle.ok() ? Error{} : bundle.error();
}

// What an attacker does: changes a file and makes its checksums right again. Section bodies are left as they are.
std::string with_table_checksum(std::string bytes) {
  ByteReader lengths(std::string_view(bytes).substr(format::kHeaderBytes - 12, 12), "header");
  const std::uint64_t manifest = lengths.u64();
  const std::uint64_t sections = lengths.u32();
  const std::uint64_t framed = format::kHeaderBytes + manifest + sections * format::kEntryBytes;
  const Hash128 hash = hash128(std::string_view(bytes).substr(0, framed));
  ByteWriter out;
  out.u64(hash.low);
  out.u64(hash.high);
  return bytes.replace(bytes.size() - format::kFooterBytes, 16, out.take());
}

std::string overwrite(std::string bytes, std::size_t offset, std::string_view with) {
  return bytes.replace(offset, with.size(), with);
}

std::string little_endian(std::uint64_t value) {
  ByteWriter out;
  out.u64(value);
  return out.take();
}

std::size_t entry_offset(const Bundle& bundle, std::size_t index) {
  return format::kHeaderBytes + bundle.manifest().size() + index * format::kEntryBytes;
}

TEST(Bundle, ComesBackAsItWas) {
  const Bundle bundle = small_bundle();
  const std::string bytes = bundle.encode();
  const auto back = Bundle::decode(bytes, "x");
  ASSERT_TRUE(back.ok()) << back.error().to_string();
  EXPECT_EQ(back->manifest(), bundle.manifest());
  ASSERT_EQ(back->sections().size(), 3U);
  EXPECT_EQ(back->sections()[1].name, "templates");
  EXPECT_EQ(back->sections()[1].version, 3U);
  EXPECT_EQ(back->sections()[1].bytes, bundle.sections()[1].bytes);
  EXPECT_EQ(back->encode(), bytes);
}

TEST(Bundle, EmptyOneIsFine) {
  const auto back = Bundle::decode(Bundle().encode(), "x");
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->manifest(), "{}");
  EXPECT_TRUE(back->sections().empty());
}

TEST(Bundle, LayoutIsTheDocumentedOne) {
  const std::string bytes = small_bundle().encode();
  EXPECT_EQ(bytes.substr(0, 8), "LGDT\x04\x03\x02\x01");
  EXPECT_EQ(bytes.substr(8, 4), std::string("\x01\0\0\0", 4));
  EXPECT_EQ(bytes.substr(44, 9), R"({"tool":")");
  EXPECT_TRUE(bytes.ends_with("TDGL"));
  EXPECT_EQ(bytes.size(), 44U + 31U + 3U * 68U + 26U + 28U);
}

TEST(Bundle, FindsAndRequiresSections) {
  const Bundle bundle = small_bundle();
  EXPECT_EQ(bundle.find("nothing"), nullptr);
  ASSERT_NE(bundle.find("header"), nullptr);
  EXPECT_TRUE(bundle.require("templates", 3).ok());
  EXPECT_THAT(bundle.require("templates", 2).error().message, HasSubstr("version 3, this program knows up to 2"));
  EXPECT_TRUE(bundle.require("templates", 3, 3).ok());
  EXPECT_THAT(bundle.require("templates", 5, 4).error().message,
              HasSubstr("version 3, this program reads it from version 4 on"));
  EXPECT_THAT(bundle.require("nothing", 1).error().message, HasSubstr("no section 'nothing'"));
  EXPECT_EQ(bundle.require("nothing", 1).error().code, ErrorCode::kModel);
}

TEST(BundleDeathTest, DuplicateAndMalformedNamesAreBugs) {
  Bundle bundle = small_bundle();
  EXPECT_DEATH(bundle.add({"header", 1, ""}), "twice");
  EXPECT_DEATH(bundle.add({"../etc", 1, ""}), "malformed");
  EXPECT_DEATH(bundle.add({"", 1, ""}), "malformed");
}

// F70.
TEST(Bundle, EveryTruncationIsDetected) {
  const std::string bytes = small_bundle().encode();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const Error error = decode_error(std::string_view(bytes).substr(0, length));
    EXPECT_EQ(error.code, ErrorCode::kModel) << length;
    EXPECT_FALSE(error.hint.empty()) << length;
    EXPECT_THAT(error.message, length < 4 ? HasSubstr("not a logdetect model") : HasSubstr("at byte")) << length;
  }
}

// F71.
TEST(Bundle, EveryFlippedBitIsDetected) {
  const std::string bytes = small_bundle().encode();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(Bundle::decode(flipped, "x").ok()) << "bit " << bit % 8 << " of byte " << bit / 8;
  }
}

TEST(Bundle, ExtraBytesAreDetected) {
  EXPECT_THAT(decode_error(small_bundle().encode() + "x").message, HasSubstr("footer"));
}

TEST(Bundle, DamageNamesSectionOffsetAndFile) {
  std::string bytes = small_bundle().encode();
  const std::size_t at = bytes.find("connected");
  bytes[at + 3] ^= 1;
  const Error error = decode_error(bytes);
  EXPECT_THAT(error.message, HasSubstr("section 'templates' at byte " + std::to_string(at)));
  EXPECT_EQ(error.where, "m/model.ldm");
}

// F73.
TEST(Bundle, SaysWhetherItIsNoModelTooOldOrTooNew) {
  const std::string bytes = small_bundle().encode();
  const Error foreign = decode_error("PK\x03\x04 something else entirely, longer than any header of ours is");
  const Error newer = decode_error(overwrite(overwrite(bytes, 8, std::string("\x07\0", 2)), 12, "9.1.0\x1b[2J"));
  const Error older = decode_error(overwrite(bytes, 8, std::string("\0\0", 2)));
  EXPECT_EQ(foreign.message, "not a logdetect model");
  EXPECT_THAT(newer.message, StartsWith("made by a newer logdetect (9.1.0??2J"));
  EXPECT_THAT(newer.message, HasSubstr("needs format 7"));
  EXPECT_THAT(older.message, StartsWith("made by an older logdetect"));
  EXPECT_THAT(newer.hint, HasSubstr("update"));
  EXPECT_THAT(older.hint, HasSubstr("logdetect train"));
}

TEST(Bundle, NewerMinorIsRead) {
  const std::string bytes = overwrite(small_bundle().encode(), 10, std::string("\x09\0", 2));
  EXPECT_TRUE(Bundle::decode(with_table_checksum(bytes), "x").ok());
}

// F72: the checksum is right, the numbers are not.
TEST(Bundle, HostileLengthsAreRefused) {
  const Bundle bundle = small_bundle();
  const std::string bytes = bundle.encode();
  const std::size_t lengths = format::kHeaderBytes - 12;
  for (const std::uint64_t hostile :
       {std::uint64_t{0}, std::uint64_t{1} << 31, ~std::uint64_t{0}, ~std::uint64_t{0} - 43}) {
    decode_error(overwrite(bytes, lengths, little_endian(hostile)));
    decode_error(overwrite(bytes, lengths + 8, little_endian(hostile | 0xFFFF).substr(0, 4)));
    for (std::size_t field : {36U, 44U}) {
      if (hostile != 0) {
        const Error error = decode_error(
            with_table_checksum(overwrite(bytes, entry_offset(bundle, 1) + field, little_endian(hostile))));
        EXPECT_THAT(error.message, HasSubstr("out of place"));
      }
    }
  }
}

TEST(Bundle, OverlappingSectionsAreRefused) {
  Bundle bundle;
  bundle.add({"a", 1, "twelve bytes"});
  bundle.add({"b", 1, "twelve bytes"});
  const std::string bytes = bundle.encode();
  // b claims the bytes of a, and the checksum of the body is right.
  const std::string offset_of_a = bytes.substr(entry_offset(bundle, 0) + 36, 8);
  const std::string overlap = with_table_checksum(overwrite(bytes, entry_offset(bundle, 1) + 36, offset_of_a));
  EXPECT_THAT(decode_error(overlap).message, HasSubstr("section 'b' lies out of place"));
}

TEST(Bundle, BytesOfNoSectionAreRefused) {
  Bundle bundle;
  bundle.add({"a", 1, "twelve bytes"});
  const std::string shorter =
      with_table_checksum(overwrite(bundle.encode(), entry_offset(bundle, 0) + 44, little_endian(11)));
  EXPECT_THAT(decode_error(shorter).message, HasSubstr("no section"));
}

TEST(Bundle, DuplicateAndMalformedNamesInAFileAreRefused) {
  Bundle bundle;
  bundle.add({"alpha", 1, "one"});
  bundle.add({"gamma", 1, "two"});
  const std::string bytes = bundle.encode();
  const std::size_t second = entry_offset(bundle, 1);
  EXPECT_THAT(decode_error(with_table_checksum(overwrite(bytes, second, "alpha"))).message, HasSubstr("twice"));
  for (const std::string_view bad :
       {std::string_view("../xx"), std::string_view("UPPER"), std::string_view("a\0b", 3)}) {
    EXPECT_THAT(decode_error(with_table_checksum(overwrite(bytes, second, bad))).message, HasSubstr("malformed"));
  }
  EXPECT_THAT(decode_error(with_table_checksum(overwrite(bytes, second + 20, "x"))).message, HasSubstr("malformed"));
}

TEST(Bundle, ManifestMustBeAShallowJsonObject) {
  const auto with_manifest = [](const std::string& text) {
    Bundle bundle;
    bundle.set_manifest(text);
    return bundle.encode();
  };
  const std::string deep = "{\"a\":" + std::string(63, '[') + std::string(63, ']') + "}";
  EXPECT_TRUE(Bundle::decode(with_manifest(deep), "x").ok());
  EXPECT_TRUE(Bundle::decode(with_manifest(R"({"quoted":"\"[[[{{{"})"), "x").ok());
  const std::string too_deep = "{\"a\":" + std::string(64, '[') + std::string(64, ']') + "}";
  EXPECT_THAT(decode_error(with_manifest(too_deep)).message, HasSubstr("nested too deep"));
  EXPECT_THAT(decode_error(with_manifest(std::string(1 << 20, '['))).message, HasSubstr("not a JSON object"));
  for (const std::string bad : {"", "[]", "null", "7"}) {
    EXPECT_THAT(decode_error(with_manifest(bad)).message, HasSubstr("not a JSON object")) << bad;
  }
  for (const std::string bad : {"{", "{\"a\":}", "{} {}", "{\"a\":\"\xFF\"}", "{\"a", "{\"a\\"}) {
    EXPECT_THAT(decode_error(with_manifest(bad)).message, HasSubstr("not valid JSON")) << bad;
  }
}

class BundleFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "logdetect_bundle_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string path(const std::string& name) const { return directory_ + "/" + name; }
  static void write(const std::string& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
  }

  std::string directory_;
};

TEST_F(BundleFiles, StoresAndLoadsByDirectoryAndByFile) {
  const Bundle bundle = small_bundle();
  ASSERT_TRUE(bundle.store(path("deep/model")).ok());
  for (const std::string name : {"deep/model", "deep/model/", "deep/model/model.ldm"}) {
    const auto back = Bundle::load(path(name));
    ASSERT_TRUE(back.ok()) << back.error().to_string();
    EXPECT_EQ(back->encode(), bundle.encode());
  }
  struct stat status {};
  ASSERT_EQ(::stat(path("deep/model/model.ldm").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(BundleFiles, StoringReplacesAndLeavesNothingElse) {
  ASSERT_TRUE(Bundle().store(path("m")).ok());
  ASSERT_TRUE(small_bundle().store(path("m")).ok());
  EXPECT_EQ(Bundle::load(path("m"))->sections().size(), 3U);
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path("m"))) {
    names.insert(entry.path().filename().string());
  }
  EXPECT_EQ(names, std::set<std::string>{"model.ldm"});
}

// F77.
TEST_F(BundleFiles, AFailedStoreKeepsTheOldModel) {
  ASSERT_TRUE(small_bundle().store(path("m")).ok());
  Bundle broken;
  broken.set_manifest("not json");
  EXPECT_EQ(broken.store(path("m")).error().code, ErrorCode::kInternal);
  EXPECT_TRUE(Bundle::load(path("m")).ok());

  write(path("plain"), "a file where a directory should be");
  const auto stored = small_bundle().store(path("plain"));
  ASSERT_FALSE(stored.ok());
  EXPECT_EQ(stored.error().code, ErrorCode::kOutput);
  EXPECT_EQ(stored.error().where, path("plain"));
}

TEST_F(BundleFiles, MissingModelsHaveAHint) {
  const Error nowhere = Bundle::load(path("nowhere")).error();
  EXPECT_EQ(nowhere.code, ErrorCode::kModel);
  EXPECT_THAT(nowhere.hint, HasSubstr("logdetect train"));
  const Error empty = Bundle::load(directory_).error();
  EXPECT_THAT(empty.message, HasSubstr("holds no model.ldm"));
  EXPECT_THAT(empty.hint, HasSubstr("logdetect train"));
}

// F75.
TEST_F(BundleFiles, OnlyARegularFileIsRead) {
  std::filesystem::create_directory(path("fifo"));
  ASSERT_EQ(::mkfifo(path("fifo/model.ldm").c_str(), 0600), 0);
  EXPECT_THAT(Bundle::load(path("fifo")).error().message, HasSubstr("not a regular file"));
  EXPECT_FALSE(Bundle::load("/dev/null").ok());
  std::filesystem::create_directories(path("nested/model.ldm"));
  EXPECT_FALSE(Bundle::load(path("nested")).ok());

  ASSERT_TRUE(small_bundle().store(path("real")).ok());
  std::filesystem::create_directory(path("link"));
  std::filesystem::create_symlink(path("real/model.ldm"), path("link/model.ldm"));
  EXPECT_TRUE(Bundle::load(path("link")).ok());
  std::filesystem::create_directory(path("loop"));
  std::filesystem::create_symlink("model.ldm", path("loop/model.ldm"));
  EXPECT_FALSE(Bundle::load(path("loop")).ok());
}

TEST_F(BundleFiles, AnotherKindOfFileIsNoModel) {
  write(path("app.log"), "2024-01-01 INFO started, and some more text so that it is long enough\n");
  EXPECT_EQ(Bundle::load(path("app.log")).error().message, "not a logdetect model");
}

}  // namespace
}  // namespace logdetect
