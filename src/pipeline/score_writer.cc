#include "pipeline/score_writer.h"

#include <array>
#include <charconv>

#include "logdetect/parsing/timestamp.h"
#include "logdetect/report/encode.h"

namespace logdetect {
namespace {

void append_fixed(std::string& out, double value, int digits) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits);
  out.append(text.data(), end.ptr);
}

}  // namespace

Result<std::unique_ptr<ScoreWriter>> ScoreWriter::open(const std::string& path, const Ensemble& ensemble) {
  LD_ASSIGN(std::unique_ptr<Output> output, open_output(path));
  std::string header = "source,line,last_line,time,template_id,score,anomaly";
  for (std::size_t d = 0; d < ensemble.size(); ++d) {
    header += ',' + ensemble.name(d);
  }
  LD_TRY(output->write(header + '\n'));
  return std::unique_ptr<ScoreWriter>(new ScoreWriter(std::move(output)));
}

Result<void> ScoreWriter::record(const JudgedRecord& judged) {
  const auto& [source, record, event, verdict, scores, row] = judged;
  line_.clear();
  append_csv_field(line_, source, false);
  line_ += ',';
  append_json_number(line_, record.position.line);
  line_ += ',';
  append_json_number(line_, record.position.line + record.line_count - 1);
  line_ += ',';
  if (event.has_time) {
    line_ += format_rfc3339(event.time);
  }
  line_ += ',';
  append_json_number(line_, std::uint64_t{event.template_id.value()});
  line_ += ',';
  append_fixed(line_, verdict.score, 6);
  line_ += verdict.anomalous ? ",1" : ",0";
  const std::size_t detectors = scores.rows == 0 ? 0 : scores.surprise.size() / scores.rows;
  for (std::size_t d = 0; d < detectors; ++d) {
    line_ += ',';
    append_fixed(line_, static_cast<double>(scores.surprise[d * scores.rows + row]), 4);
  }
  line_ += '\n';
  return output_->write(line_);
}

Result<void> ScoreWriter::commit() {
  return output_->commit();
}

}  // namespace logdetect
