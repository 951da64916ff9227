#include "pipeline/score_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "logdetect/lexis/rfc3339.h"
#include "logdetect/report/encode.h"

namespace logdetect {
namespace {

// `value`, at least 0, with `digits` decimals, rounded half to even: by whole numbers, several times as fast as the
// library's exact way, which a value too large for it takes.
void append_fixed(std::string& out, double value, int digits) {
  constexpr double kMost = 1e9;  // times a million it still is a whole number of a double
  constexpr std::array<std::uint32_t, 7> kPowers = {1, 10, 100, 1000, 10'000, 100'000, 1'000'000};
  std::array<char, 64> text{};
  const auto places = static_cast<std::size_t>(digits);
  if (!(value >= 0 && value < kMost) || places >= kPowers.size()) {
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits);
    out.append(text.data(), end.ptr);
    return;
  }
  const std::uint32_t unit = kPowers.at(places);
  // Half to even is the rounding mode that every program starts with.
  const auto scaled = static_cast<std::uint64_t>(std::nearbyint(value * unit));
  const auto whole = std::to_chars(text.data(), text.data() + text.size(), scaled / unit);
  out.append(text.data(), whole.ptr);
  out += '.';
  std::uint64_t rest = scaled % unit;
  for (std::size_t i = places; i > 0; --i) {
    text.at(i - 1) = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  out.append(text.data(), places);
}

}  // namespace

Result<std::unique_ptr<ScoreWriter>> ScoreWriter::open(const std::string& path, const std::string& session_path,
                                                       const Ensemble& ensemble, OutputSet& outputs) {
  std::unique_ptr<ScoreWriter> writer(new ScoreWriter);
  if (!path.empty()) {
    LD_ASSIGN(const OutputTarget target, find_output(path));
    LD_ASSIGN(writer->output_, outputs.open(target, OutputMode::kReplace));
    std::string header = "source,line,last_line,time,template_id,score,anomaly";
    for (std::size_t d = 0; d < ensemble.size(); ++d) {
      header += ',' + ensemble.name(d);
    }
    LD_TRY(writer->output_->write(header + '\n'));
  }
  if (!session_path.empty()) {
    LD_ASSIGN(const OutputTarget target, find_output(session_path));
    LD_ASSIGN(writer->sessions_, outputs.open(target, OutputMode::kReplace));
    LD_TRY(writer->sessions_->write("session,score,anomaly,first,last,events\n"));
  }
  return writer;
}

Result<void> ScoreWriter::record(const JudgedRecord& judged) {
  if (!output_) {
    return {};
  }
  const auto& [source, record, event, verdict, scores, row] = judged;
  line_.clear();
  append_csv_field(line_, source, false);
  line_ += ',';
  append_json_number(line_, record.position.line);
  line_ += ',';
  append_json_number(line_, record.position.line + record.line_count - 1);
  line_ += ',';
  if (event.has_time) {
    if (event.time != time_ || time_text_.empty()) {
      time_ = event.time;
      time_text_ = format_rfc3339(time_);
    }
    line_ += time_text_;
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

Result<void> ScoreWriter::session(const OpenSession& session, bool has_time) {
  if (!sessions_) {
    return {};
  }
  line_.clear();
  append_csv_field(line_, session.name, false);
  line_ += ',';
  append_fixed(line_, session.score, 6);
  line_ += session.reported ? ",1," : ",0,";
  line_ += has_time ? format_rfc3339(session.state.first) : "";
  line_ += ',';
  line_ += has_time ? format_rfc3339(session.state.last) : "";
  line_ += ',';
  append_json_number(line_, std::uint64_t{session.state.events});
  line_ += '\n';
  return sessions_->write(line_);
}

}  // namespace logdetect
