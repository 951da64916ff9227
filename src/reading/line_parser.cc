#include "logdetect/reading/line_parser.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "logdetect/base/hash.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

std::uint16_t clamp16(std::size_t n) {
  return static_cast<std::uint16_t>(std::min<std::size_t>(n, std::numeric_limits<std::uint16_t>::max()));
}

// Lines of one host belong together; a log of one machine is one stream.
StreamId stream_of(const Header& header) {
  // 31 bits of the hash: never the id that means none.
  return header.host.empty() ? StreamId(0) : StreamId(static_cast<std::uint32_t>(hash64(header.host) >> 33));
}

// What a line is counted by beside the whole log; 0: nothing is stated.
std::uint64_t group_of(const Header& header, std::string_view file, RateKey key) {
  const std::string_view name = key == RateKey::kHost        ? header.host
                                : key == RateKey::kComponent ? header.component
                                                             : file;
  return name.empty() ? 0 : hash64(name) | 1;
}

}  // namespace

std::string_view log_stem(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  for (const std::string_view packed : {".gz", ".zst", ".xz", ".bz2"}) {
    if (name.size() > packed.size() && name.ends_with(packed)) {
      name.remove_suffix(packed.size());
    }
  }
  // What follows the first separator of the digits at the end was added; digits in front of it are part of the name.
  const std::size_t tail = std::min(name.find_last_not_of("0123456789.-_") + 1, name.size());
  const std::size_t cut = name.find_first_of(".-_", tail);
  return tail == 0 || cut == std::string_view::npos ? name : name.substr(0, cut);
}

SessionId session_of(std::string_view name) {
  return SessionId(hash64(name) & ~(std::uint64_t{1} << 63));  // never the id that means none
}

Alarm alarm_of(Level level, bool alarming_words) {
  if (level >= Level::kError) {
    return Alarm::kError;
  }
  if (level == Level::kUnknown) {
    return alarming_words ? Alarm::kError : Alarm::kNone;
  }
  return level == Level::kWarning || alarming_words ? Alarm::kWarning : Alarm::kNone;
}

void LineParser::follow(const std::shared_ptr<const HeaderPlan>& plan) {
  if (plan_ != plan) {
    plan_ = plan;
    headers_ = std::make_unique<HeaderParser>(*plan_);
  }
}

ParsedBatch LineParser::parse(PlannedBatch planned) {
  ParsedBatch out;
  out.source_name = std::move(planned.source_name);
  out.source_mtime = planned.source_mtime;
  out.source = planned.source;
  out.bytes_consumed = planned.bytes_consumed;
  out.headed = std::any_of(planned.plans.begin(), planned.plans.end(),
                           [](const PlanSpan& span) { return span.plan->kind != HeaderPlan::Kind::kNone; });
  EventBatch& batch = out.batch;
  batch.records = std::move(planned.records);
  const std::size_t n = batch.records.size();
  batch.headers.resize(n);
  batch.events.resize(n);
  out.times.resize(n);
  std::size_t span = 0;
  const std::string_view file = log_stem(out.source_name);
  const auto head = [&](std::size_t i) -> const Header& {
    // MaskAhead asks for the headers in order, so the spans are passed in order too.
    if (span < planned.plans.size() && planned.plans[span].begin == i) {
      follow(planned.plans[span++].plan);
    }
    Header& header = batch.headers[i];
    out.invalid_utf8 += is_valid_utf8(batch.records.records()[i].text) ? 0 : 1;
    headers_->parse(batch.records.records()[i].text, batch.arena, header, out.times[i]);
    Event& event = batch.events[i];
    event.level = header.level;
    event.has_time = header.has_time;
    event.stream = stream_of(header);
    event.message_bytes = static_cast<std::uint32_t>(header.message.size());
    if (rate_key_ != RateKey::kNone) {
      event.group = group_of(header, file, rate_key_);
    }
    event.deployment = deployments_ != nullptr && deployments_->marks(batch.records.records()[i].text);
    return header;
  };
  if (miner_ == nullptr) {
    for (std::size_t i = 0; i < n; ++i) {
      head(i);
    }
  } else {
    ahead_.run(*masker_, *miner_, n, head, [&](std::size_t i, const MaskedMessage& message) {
      Event& event = batch.events[i];
      event.token_count = clamp16(message.tokens.size());
      event.first_parameter = static_cast<std::uint32_t>(batch.parameters.size());
      event.template_id = miner_->match(message);
      if (event.template_id.valid()) {
        event.alarm = alarm_of(event.level, miner_->alarming(event.template_id));
        miner_->parameters(event.template_id, message, batch.parameters);
        event.parameter_count = clamp16(batch.parameters.size() - event.first_parameter);
      }
    });
  }
  if (sessions_ != nullptr) {
    find_sessions(batch);
  }
  return out;
}

void LineParser::find_sessions(EventBatch& batch) const {
  batch.session_names.resize(batch.events.size());
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    const std::string_view record = batch.records.records()[i].text;
    const std::string_view name = sessions_->find(record);
    batch.session_names[i] = name;
    if (!name.empty()) {
      batch.events[i].session = session_of(name);
    }
    batch.events[i].begins_session = sessions_->begins(record);
  }
}

void TimeLine::resolve(ParsedBatch& parsed) {
  if (!source_.valid() || source_ != parsed.source) {
    source_ = parsed.source;
    resolver_.set_reference(parsed.source_mtime);
  }
  for (std::size_t i = 0; i < parsed.batch.events.size(); ++i) {
    Event& event = parsed.batch.events[i];
    Header& header = parsed.batch.headers[i];
    ++records_;
    if (event.has_time) {
      event.time = resolver_.resolve(parsed.times[i]);
      header.time = event.time;
      first_ = has_time_ ? std::min(first_, event.time) : event.time;
      last_ = has_time_ ? std::max(last_, event.time) : event.time;
      has_time_ = true;
      previous_ = event.time;
    } else {
      ++without_time_;
      event.time = has_time_ ? previous_ : static_cast<Micros>(records_) * kMicrosPerSecond;
    }
  }
}

}  // namespace logdetect
