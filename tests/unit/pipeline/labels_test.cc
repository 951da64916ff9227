#include "pipeline/labels.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "logdetect/ingest/csv_table.h"

namespace logdetect {
namespace {

std::string file_of(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(ReadCsv, QuotesLineEndsAndAByteOrderMark) {
  const auto table = read_csv(file_of("q.csv",
                                      "\xEF\xBB\xBF"
                                      "a,b\r\n\"x, \"\"y\"\"\nz\",2\r\n\r\n3\n"));
  ASSERT_TRUE(table.ok()) << table.error().message;
  EXPECT_EQ(table->columns, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_EQ(table->rows[0][0], "x, \"y\"\nz");
  EXPECT_EQ(table->rows[1], (std::vector<std::string>{"3", ""}));
}

TEST(ReadCsv, MistakesAreLocated) {
  EXPECT_NE(read_csv(file_of("e.csv", "")).error().message.find("empty"), std::string::npos);
  const Error wide = read_csv(file_of("w.csv", "a\n1\n1,2\n")).error();
  EXPECT_NE(wide.message.find("row 3 has 2 fields"), std::string::npos);
  const auto table = read_csv(file_of("c.csv", "line,lable\n1,0\n"));
  EXPECT_EQ(table->column("label").error().hint, "did you mean 'lable'?");
}

TEST(LineLabels, ARecordIsAnomalousIfOneOfItsLinesIs) {
  auto labels = LineLabels::read(file_of("l.csv", "line,label,category\n1,0,-\n2,1,disk\n3,0,-\n9,1,net\n"));
  ASSERT_TRUE(labels.ok()) << labels.error().message;
  bool known = false;
  EXPECT_TRUE(labels->find("x", 1, 3, known).anomalous);
  EXPECT_TRUE(known);
  EXPECT_EQ(labels->categories()[labels->find("x", 2, 2, known).category], "disk");
  EXPECT_FALSE(labels->find("x", 3, 4, known).anomalous);
  EXPECT_TRUE(known);
  EXPECT_FALSE(labels->find("x", 5, 6, known).anomalous);
  EXPECT_FALSE(known);
  EXPECT_EQ(labels->unseen(), 1U);  // line 9
}

TEST(LineLabels, SeveralInputsAreToldApart) {
  auto labels = LineLabels::read(file_of("s.csv", "source,line,label\na.log,1,true\nb.log,1,false\n"));
  ASSERT_TRUE(labels.ok());
  bool known = false;
  EXPECT_TRUE(labels->find("a.log", 1, 1, known).anomalous);
  EXPECT_FALSE(labels->find("b.log", 1, 1, known).anomalous);
  EXPECT_FALSE(labels->find("c.log", 1, 1, known).anomalous);
  EXPECT_FALSE(known);
}

TEST(LineLabels, MistakesAreLocated) {
  const auto refused = [](const std::string& text) {
    const auto labels = LineLabels::read(file_of("m.csv", text));
    return labels.ok() ? Error{} : labels.error();
  };
  EXPECT_NE(refused("line,label\n1,0\n1,1\n").message.find("labelled twice"), std::string::npos);
  EXPECT_EQ(refused("line,label\n0,1\n").message, "'0' is no line number");
  const Error label = refused("line,label\n1,0\n2,perhaps\n");
  EXPECT_EQ(label.message, "'perhaps' is no label");
  EXPECT_EQ(label.where.substr(label.where.size() - 7), "m.csv:3");
}

TEST(SessionLabels, ReadAndRefused) {
  const auto labels = read_session_labels(file_of("n.csv", "session,label\nblk_1,Anomaly\nblk_2,Normal\n"));
  ASSERT_TRUE(labels.ok());
  EXPECT_TRUE(labels->at("blk_1"));
  EXPECT_FALSE(labels->at("blk_2"));
  EXPECT_FALSE(read_session_labels(file_of("t.csv", "session,label\nb,1\nb,1\n")).ok());
}

TEST(Faults, ReadAndRefused) {
  const auto faults = read_faults(file_of("f.csv", "begin,end,name\n1970-01-01T00:01:00Z,1970-01-01 00:02:00,disk\n"));
  ASSERT_TRUE(faults.ok()) << faults.error().message;
  EXPECT_EQ(faults->at(0).span.first, 60'000'000);
  EXPECT_EQ(faults->at(0).span.last, 120'000'000);
  EXPECT_EQ(faults->at(0).name, "disk");
  const auto unnamed = read_faults(file_of("u.csv", "begin,end\n1970-01-01,1970-01-01\n1970-01-01,1970-01-02\n"));
  ASSERT_TRUE(unnamed.ok()) << "a fault may be a moment";
  EXPECT_EQ(unnamed->at(0).name + "|" + unnamed->at(1).name, "fault 1|fault 2");
  EXPECT_FALSE(read_faults(file_of("g.csv", "begin,end\n1970-01-02,1970-01-01\n")).ok());
  EXPECT_FALSE(read_faults(file_of("h.csv", "begin,end\nyesterday-ish,1970-01-01\n")).ok());
}

}  // namespace
}  // namespace logdetect
