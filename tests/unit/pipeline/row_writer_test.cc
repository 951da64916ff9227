#include "pipeline/row_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/report/encode.h"
#include "unit/report/string_output.h"

namespace logdetect {
namespace {

struct Row {
  Record record;
  Event event;
  std::string text;
  std::vector<std::string> values;
};

std::string written(const std::vector<Row>& rows, bool json) {
  samples::StringOutput output;
  RowWriter writer(output, json);
  EXPECT_TRUE(writer.begin().ok());
  for (const Row& row : rows) {
    std::vector<Parameter> parameters;
    for (const std::string& value : row.values) {
      parameters.push_back({value, MaskKind::kNone});
    }
    if (!writer.append(row.record, row.event, 0, parameters, [&](TemplateId) { return row.text; })) {
      EXPECT_TRUE(writer.finish().ok());
    }
  }
  EXPECT_TRUE(writer.finish().ok());
  return output.text;
}

Row sample() {
  Row row;
  row.record.position.line = 7;
  row.event.template_id = TemplateId(3);
  row.event.has_time = true;
  row.event.time = 1'705'290'138'123'456;
  row.event.level = Level::kError;
  row.text = "took <NUM> ms";
  row.values = {"12"};
  return row;
}

TEST(RowWriter, WritesCsv) {
  EXPECT_EQ(written({sample()}, false),
            "line,last_line,time,level,template_id,template,parameters\n"
            "7,7,2024-01-15T03:42:18.123456Z,ERROR,3,took <NUM> ms,\"[\"\"12\"\"]\"\n");
}

TEST(RowWriter, WritesJsonLines) {
  Row row = sample();
  row.record.line_count = 3;
  row.event.time = 1'705'290'138'120'000;
  EXPECT_EQ(written({row}, true),
            "{\"line\":7,\"last_line\":9,\"time\":\"2024-01-15T03:42:18.120Z\",\"level\":\"ERROR\",\"template_id\":3,"
            "\"template\":\"took <NUM> ms\",\"parameters\":[\"12\"]}\n");
}

TEST(RowWriter, LeavesOutWhatIsNotKnown) {
  Row row = sample();
  row.event.has_time = false;
  row.event.level = Level::kUnknown;
  row.values.clear();
  EXPECT_EQ(written({row}, true),
            "{\"line\":7,\"last_line\":7,\"time\":null,\"level\":null,\"template_id\":3,\"template\":\"took <NUM> ms\","
            "\"parameters\":[]}\n");
  EXPECT_NE(written({row}, false).find("\n7,7,,,3,took <NUM> ms,[]\n"), std::string::npos);
}

// Against the encoders of the report room, for values with all kinds of bytes and numbers of all lengths.
TEST(RowWriter, AgreesWithTheGeneralEncoders) {
  Rng rng(17);
  std::vector<Row> rows;
  std::string csv = "line,last_line,time,level,template_id,template,parameters\n";
  std::string jsonl;
  for (int i = 0; i < 3000; ++i) {
    Row row = sample();
    row.record.position.line = rng.next() >> rng.below(64);
    row.event.template_id = TemplateId(static_cast<std::uint32_t>(i));
    row.event.time = static_cast<Micros>(rng.below(7'000'000'000'000'000ULL)) - 100'000'000'000'000;
    row.event.time -= rng.below(2) == 0 ? row.event.time % kMicrosPerSecond : 0;
    row.text = "text " + std::to_string(i) + (rng.below(3) == 0 ? ", \"quoted\"" : "");
    row.values.clear();
    for (std::uint64_t n = rng.below(4); n > 0; --n) {
      std::string value;
      for (std::uint64_t k = rng.below(40); k > 0; --k) {
        value += static_cast<char>(rng.below(10) == 0 ? rng.below(256) : 0x20 + rng.below(95));
      }
      row.values.push_back(value);
    }
    std::string list = "[";
    for (const std::string& value : row.values) {
      list += list.size() > 1 ? "," : "";
      append_json_string(list, value);
    }
    list += ']';
    const std::string line = std::to_string(row.record.position.line);
    const std::string id = std::to_string(i);
    csv += line + "," + line + "," + format_rfc3339(row.event.time) + ",ERROR," + id + ",";
    append_csv_field(csv, row.text, false);
    csv += ',';
    append_csv_field(csv, list, false);
    csv += '\n';
    jsonl += "{\"line\":" + line + ",\"last_line\":" + line + ",\"time\":\"" + format_rfc3339(row.event.time) +
             "\",\"level\":\"ERROR\",\"template_id\":" + id + ",\"template\":";
    append_json_string(jsonl, row.text);
    jsonl += ",\"parameters\":" + list + "}\n";
    rows.push_back(std::move(row));
  }
  EXPECT_EQ(written(rows, false), csv);
  EXPECT_EQ(written(rows, true), jsonl);
}

}  // namespace
}  // namespace logdetect
