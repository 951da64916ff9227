#include "logdetect/ingest/csv_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/ingest/ingest_fixtures.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Csv : public testing::Test {
 protected:
  Result<CsvTable> read(std::string_view text) { return read_csv(directory_.write("labels.csv", text)); }

  testing_support::TemporaryDirectory directory_;
};

TEST_F(Csv, TheFirstLineNamesTheColumns) {
  const auto table = read("begin,end\n1,2\n3,4\n");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->path, directory_ / "labels.csv");
  EXPECT_THAT(table->columns, ElementsAre("begin", "end"));
  EXPECT_THAT(table->rows, ElementsAre(ElementsAre("1", "2"), ElementsAre("3", "4")));
}

TEST_F(Csv, QuotesLineEndsAndAMarkAreUnderstood) {
  const auto table = read(
      "\xEF\xBB\xBF"
      "name,text\r\nbox,\"a, \"\"b\"\"\nc\"\r\n\r\nlid,last");
  ASSERT_TRUE(table.ok());
  EXPECT_THAT(table->columns, ElementsAre("name", "text"));
  EXPECT_THAT(table->rows, ElementsAre(ElementsAre("box", "a, \"b\"\nc"), ElementsAre("lid", "last")));
}

TEST_F(Csv, ShortRowsAreFilledAndLongOnesRefused) {
  const auto table = read("a,b,c\n1\n1,2,3\n");
  ASSERT_TRUE(table.ok());
  EXPECT_THAT(table->rows[0], ElementsAre("1", "", ""));
  const auto refused = read("a,b\n1,2\n1,2,3\n");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInput);
  EXPECT_EQ(refused.error().message, "row 3 has 3 fields, the header line 2");
}

TEST_F(Csv, AHeaderAloneIsATableAndNothingIsNone) {
  const auto table = read("a,b\n");
  ASSERT_TRUE(table.ok());
  EXPECT_TRUE(table->rows.empty());
  const auto empty = read("");
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().message, "the file is empty");
  EXPECT_FALSE(read_csv(directory_ / "missing.csv").ok());
}

TEST_F(Csv, ColumnsAreFoundByNameAndNearNamesAreOffered) {
  const auto table = read("begin,end,template\n");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(*table->column("begin"), 0U);
  EXPECT_EQ(*table->column("template"), 2U);
  EXPECT_EQ(table->column("templat").error().hint, "did you mean 'template'?");
  EXPECT_EQ(table->column("zzzzzzzzzzzz").error().hint, "its columns are: begin, end, template");
  EXPECT_THAT(table->column("zzzzzzzzzzzz").error().message, HasSubstr("'zzzzzzzzzzzz'"));
}

}  // namespace
}  // namespace logdetect
