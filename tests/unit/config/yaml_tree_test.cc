#include "config/yaml_tree.h"

#include <gtest/gtest.h>

namespace logdetect {
namespace {

Error refused(const std::string& text) {
  const auto tree = read_yaml(text, "t");
  EXPECT_FALSE(tree.ok()) << text;
  return tree.ok() ? Error{} : tree.error();
}

TEST(ReadYaml, KeepsTextAndPlaces) {
  const auto tree = read_yaml("a: 007\nb:\n  - x y\n  - \"\"\n  - ~\n", "t");
  ASSERT_TRUE(tree.ok());
  ASSERT_EQ(tree->kind, YamlNode::Kind::kMap);
  ASSERT_EQ(tree->keys.size(), 2U);
  EXPECT_EQ(tree->items[0].text, "007");
  EXPECT_EQ(tree->items[0].line, 1);
  EXPECT_EQ(tree->items[0].column, 4);
  EXPECT_EQ(tree->keys[1].line, 2);
  ASSERT_EQ(tree->items[1].items.size(), 3U);
  EXPECT_EQ(tree->items[1].items[0].text, "x y");
  EXPECT_EQ(tree->items[1].items[1].kind, YamlNode::Kind::kScalar);
  EXPECT_EQ(tree->items[1].items[2].kind, YamlNode::Kind::kNull);
}

TEST(ReadYaml, AnEmptyTextIsNothing) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n"}) {
    const auto tree = read_yaml(text, "t");
    ASSERT_TRUE(tree.ok()) << text;
    EXPECT_EQ(tree->kind, YamlNode::Kind::kNull) << text;
  }
}

TEST(ReadYaml, RefusesWhatCanBlowUp) {
  EXPECT_EQ(refused("a: &x 1\nb: *x\n").where, "t:1:4");
  EXPECT_NE(refused("a: !!binary x\n").message.find("tags"), std::string::npos);
  EXPECT_NE(refused("a: 1\n---\nb: 2\n").message.find("more than one"), std::string::npos);
  EXPECT_NE(refused("[a]: 1\n").message.find("plain word"), std::string::npos);
  const Error deep = refused(std::string(17, '[') + std::string(17, ']'));
  EXPECT_EQ(deep.message, "nested too deeply: at most 16 levels");
  EXPECT_TRUE(read_yaml(std::string(16, '[') + std::string(16, ']'), "t").ok());
  refused(std::string(100'000, '['));
  refused(std::string(100'000, '{'));
  std::string wide = "[";
  for (std::size_t i = 0; i <= kMaxYamlNodes; ++i) {
    wide += "1,";
  }
  EXPECT_NE(refused(wide + "]").message.find("too many"), std::string::npos);
  EXPECT_NE(refused(std::string(kMaxYamlBytes + 1, '#')).message.find("too large"), std::string::npos);
}

TEST(ReadYaml, ARepeatedKeyNamesTheFirstOne) {
  const Error error = refused("a: 1\nb: 2\na: 3\n");
  EXPECT_EQ(error.where, "t:3:1");
  EXPECT_EQ(error.message, "key 'a' appears twice");
  EXPECT_EQ(error.hint, "the first one is at line 1");
}

TEST(ReadYaml, SyntaxErrorsHaveAPlace) {
  const Error error = refused("a: 1\nb: [1, 2\n");
  EXPECT_EQ(error.code, ErrorCode::kConfig);
  EXPECT_EQ(error.where.substr(0, 2), "t:");
  EXPECT_NE(error.message.find("not valid YAML"), std::string::npos);
}

TEST(ReadYaml, BytesThatAreNotTextAreLocated) {
  EXPECT_EQ(refused("a: 1\nb: x\x04y\n").where, "t:2:5");
  EXPECT_EQ(refused("a: \xff\n").message, "not valid UTF-8");
  refused(std::string("a\0b", 3));
}

TEST(YamlScalar, QuotesWhatAnotherReaderCouldTakeForSomethingElse) {
  EXPECT_EQ(yaml_scalar("novelty"), "novelty");
  EXPECT_EQ(yaml_scalar("utf-8"), "utf-8");
  EXPECT_EQ(yaml_scalar("Europe/Berlin"), "Europe/Berlin");
  EXPECT_EQ(yaml_scalar("yes"), "\"yes\"");
  EXPECT_EQ(yaml_scalar("12"), "\"12\"");
  EXPECT_EQ(yaml_scalar(""), "\"\"");
  EXPECT_EQ(yaml_scalar("a\"\\\n"), "\"a\\\"\\\\\\x0a\"");
}

TEST(YamlScalar, EveryTextReadsBack) {
  for (const std::string& text : {std::string("plain"), std::string("a: b # c"), std::string("\ttab\r\n"),
                                  std::string("- [x] {y}"), std::string("'\"'"), std::string("\xc3\xa9\xe2\x80\xa8")}) {
    const auto tree = read_yaml("k: " + yaml_scalar(text), "t");
    ASSERT_TRUE(tree.ok()) << text;
    EXPECT_EQ(tree->items[0].text, text);
  }
}

}  // namespace
}  // namespace logdetect
