#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "logdetect/base/hash.h"
#include "logdetect/core/finding.h"
#include "logdetect/detection/aggregator.h"
#include "logdetect/detection/incident_rules.h"

namespace logdetect::samples {

inline constexpr Micros kStart = 1'705'290'135LL * kMicrosPerSecond;

/// A small language for findings: at(seconds).of(template).on(host).in(component).strength(thresholds).
class At {
 public:
  explicit At(double seconds) {
    finding_.time = kStart + static_cast<Micros>(seconds * 1e6);
    finding_.last_time = finding_.time;
    finding_.has_time = true;
    finding_.source = "app.log";
    finding_.position.line = static_cast<std::uint64_t>(seconds * 10) + 1;
    of(1);
    strength(2);
  }
  At& of(std::uint32_t id) {
    finding_.template_id = TemplateId(id);
    finding_.template_text = "Template number" + std::string(1, static_cast<char>('a' + id % 26)) + " <*>";
    finding_.message = "Template number" + std::string(1, static_cast<char>('a' + id % 26)) + " 7";
    return *this;
  }
  At& on(std::string host) {
    finding_.host = std::move(host);
    return *this;
  }
  At& in(std::string component) {
    finding_.component = std::move(component);
    return *this;
  }
  At& session(std::uint64_t id) {
    finding_.session = SessionId(id);
    return *this;
  }
  At& level(Level level) {
    finding_.level = level;
    return *this;
  }
  At& strength(double thresholds) {
    finding_.verdict.threshold = 5;
    finding_.verdict.surprise = thresholds * 5;
    finding_.verdict.score = thresholds / (thresholds + 1);
    finding_.verdict.anomalous = true;
    return *this;
  }
  /// No time at all; the record stands on this line.
  At& line(std::uint64_t line) {
    finding_.has_time = false;
    finding_.time = finding_.last_time = 0;
    finding_.position.line = line;
    return *this;
  }
  At& from(std::string source) {
    finding_.source = std::move(source);
    return *this;
  }
  operator Finding() const {  // NOLINT: reads as a finding
    Finding finding = finding_;
    const std::uint64_t place = hash_mix(finding.position.offset, finding.position.line);
    finding.id = "F-" + to_hex(hash64(finding.message + finding.source + finding.host, place), 12);
    return finding;
  }

 private:
  Finding finding_;
};

inline At at(double seconds) {
  return At(seconds);
}

/// Everything closed, with event time moving along; in order of the first event.
inline std::vector<Incident> grouped(const std::vector<Finding>& findings, const IncidentOptions& options = {}) {
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(options);
  std::vector<Incident> incidents;
  const auto take = [&] {
    for (Incident& incident : aggregator->take_closed()) {
      incidents.push_back(std::move(incident));
    }
  };
  for (const Finding& finding : findings) {
    if (finding.has_time) {
      aggregator->advance(finding.time);
    }
    aggregator->add(finding);
    take();
  }
  aggregator->finish();
  take();
  std::stable_sort(incidents.begin(), incidents.end(),
                   [](const Incident& a, const Incident& b) { return a.first < b.first; });
  return incidents;
}

}  // namespace logdetect::samples
