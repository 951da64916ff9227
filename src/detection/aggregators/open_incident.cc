#include "detection/aggregators/open_incident.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "logdetect/base/hash.h"
#include "logdetect/detection/finding_ids.h"
#include "logdetect/detection/incident_rules.h"

namespace logdetect {
namespace {

// Nothing in common but the time: a cascade across services. It spreads within seconds, from failure to failure.
constexpr Micros kNear = 10 * kMicrosPerSecond;
constexpr Micros kCascade = 60 * kMicrosPerSecond;
// The local rate: findings less than this apart are one moment, so that a burst of lines does not look like a rate.
constexpr Micros kMoment = kMicrosPerSecond;
constexpr std::uint64_t kMomentsForRate = 4;
constexpr double kRateMemory = 0.25;
constexpr double kReachInGaps = 8;
constexpr Micros kLeastReach = 30 * kMicrosPerSecond;
// What stands out from the findings before it: at most so many of their mean gaps, but never less than kNear. Measured
// when the incident begins; one that lasts longer than kGrace has to stand out from itself.
constexpr double kPatienceInGaps = 1.5;
constexpr Micros kGrace = 1800 * kMicrosPerSecond;
constexpr double kBackgroundMemory = 1800.0 * kMicrosPerSecond;

// Bounds of what an incident remembers to find kin; hosts and components shown to people are fewer.
constexpr std::size_t kTemplatesRemembered = 65'536;
constexpr std::size_t kSessionsRemembered = 4'096;
constexpr std::size_t kNamesRemembered = 256;
constexpr std::size_t kNamesShown = 8;

// A repeat has to be so much stranger than the one kept to take its place: creeping scores are not worth explaining.
constexpr double kWorse = 1.02;

// How long what is quiet waits for its repeats: steady false alarms must not become one endless incident.
constexpr Micros kQuietTime = 1800 * kMicrosPerSecond;

// Thresholds of surprise, see is_strong(): few false alarms reach so far, and fewer of those that call themselves
// errors.
constexpr double kStrong = 1.5;
constexpr double kStrongError = 1.2;

bool has_any_time(const Finding& finding) {
  return finding.has_time || finding.time != 0;
}

// A file without host names is the log of one host.
std::uint64_t host_key(const Finding& finding) {
  return finding.host.empty() ? hash64(finding.source, 1) : hash64(finding.host);
}

template <typename Set, typename Key>
void remember(Set& set, const Key& key, std::size_t limit) {
  if (set.size() < limit) {
    set.insert(key);
  }
}

// A bout of a template is another finding than its lines, and so is a session that ends with one.
std::uint64_t kind_key(FindingKind kind, TemplateId id) {
  return (static_cast<std::uint64_t>(kind) << 32) | id.value();
}

std::uint64_t kind_key(const Finding& finding) {
  using enum FindingKind;
  if (finding.bout) {
    return kind_key(finding.bout->kind == BoutKind::kBurst ? kBurst : kSilence, finding.template_id);
  }
  return kind_key(finding.whole_session ? kSession : kLine, finding.template_id);
}

void show(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && names.size() < kNamesShown && std::find(names.begin(), names.end(), name) == names.end()) {
    names.push_back(name);
  }
}

// Of a known kind, and says of itself that nothing is wrong; a session by what weighs most in it.
bool is_quiet(const Finding& finding) {
  const bool says = finding.level != Level::kUnknown || finding.whole_session;
  return is_calm(finding) && says && !finding.new_template && !finding.bout;
}

}  // namespace

Coordinate coordinate_of(const Finding& finding, const IncidentOptions& options) {
  if (has_any_time(finding)) {
    return {finding.time, true, {}};
  }
  constexpr std::uint64_t kMostLines = 100'000'000'000;
  const Micros line_length = std::max<std::int64_t>(options.gap_seconds, 1) * kMicrosPerSecond / kUntimedGapLines;
  return {static_cast<Micros>(std::min(finding.position.line, kMostLines)) * line_length, false, finding.source};
}

bool is_strong(const Finding& finding) {
  const double factor = finding.level >= Level::kError ? kStrongError : kStrong;
  return finding.verdict.surprise >= factor * finding.verdict.threshold;
}

bool is_calm(const Finding& finding) {
  return finding.alarm == Alarm::kNone && finding.level < Level::kWarning;
}

Micros Background::mean_gap(Micros at) const {
  constexpr auto kForever = std::numeric_limits<Micros>::max();
  if (!any_) {
    return kForever;
  }
  const double since = std::max(static_cast<double>(at) - static_cast<double>(last_), 0.0);
  const double rate = per_micro_ * std::exp(-since / kBackgroundMemory);
  return rate * static_cast<double>(kForever) > 2 ? static_cast<Micros>(1 / rate) : kForever;
}

void Background::add(Micros at) {
  if (any_ && at - last_ < kMoment) {
    return;
  }
  const double since = any_ ? static_cast<double>(at - last_) : 0;
  per_micro_ = per_micro_ * std::exp(-since / kBackgroundMemory) + 1 / kBackgroundMemory;
  last_ = at;
  any_ = true;
}

OpenIncident::OpenIncident(const Finding& first, const IncidentOptions& options, std::uint64_t sequence,
                           Micros usual_gap)
    : options_(options),
      gap_(std::max<std::int64_t>(options.gap_seconds, 1) * kMicrosPerSecond),
      usual_gap_(usual_gap),
      begun_(sequence),
      touched_(sequence),
      axis_(coordinate_of(first, options)) {
  incident_.id = incident_id(first);
  begin_ = end_ = anchor_ = last_new_kind_ = last_moment_ = axis_.at;
}

Micros OpenIncident::distance(Micros at) const {
  if (at > anchor_) {
    return at - anchor_;
  }
  return at < begin_ ? begin_ - at : 0;
}

// How far from the anchor a repeat may be.
Micros OpenIncident::patience(Micros at, Micros usual_gap) const {
  const Micros usual = at - begin_ <= kGrace ? usual_gap_ : usual_gap;
  const double outstanding = kPatienceInGaps * static_cast<double>(usual);
  const Micros most = strong_ ? gap_ : gap_ / 2;
  return outstanding >= static_cast<double>(most) ? most
                                                  : std::max(static_cast<Micros>(outstanding), std::min(kNear, most));
}

Micros OpenIncident::local_reach() const {
  if (moments_ < kMomentsForRate) {
    return gap_ / 2;
  }
  return std::min(gap_, std::max(kLeastReach, static_cast<Micros>(kReachInGaps * mean_gap_)));
}

// A template that only rode along does not make a strong finding a repeat: it may be the next false alarm of it.
bool OpenIncident::is_repeat(const Finding& finding) const {
  return strong_templates_.contains(finding.template_id) ||
         (templates_.contains(finding.template_id) && (!strong_ || !is_strong(finding)));
}

// What is new and calm need not be near: the new greeting of a new version is one thing to read, however often it
// comes, and so is all that is new and calm in the half hour after a start. What is known, quiet and odd is one thing
// for a while: the visits of one night, a run of values out of range.
bool OpenIncident::belongs_calmly(const Finding& finding, Micros at) const {
  if (!axis_.timed || !is_calm(finding)) {
    return false;
  }
  const bool repeated = templates_.contains(finding.template_id);
  if (news_ && finding.new_template) {
    const bool deploying =
        deployed_at_ && at >= *deployed_at_ && at - *deployed_at_ <= options_.deployment_seconds * kMicrosPerSecond;
    return deploying || repeated;
  }
  return repeated && quiet_ && is_quiet(finding) && finding.habitual == habitual_ && lasts_quietly(at);
}

bool OpenIncident::bursts_with(TemplateId id) const {
  return open_kinds_.contains(kind_key(FindingKind::kBurst, id));
}

bool OpenIncident::lasts_quietly(Micros at) const {
  return quiet_ && axis_.timed && at - begin_ <= kQuietTime;
}

std::optional<Affinity> OpenIncident::affinity(const Finding& finding, const Coordinate& where,
                                               Micros usual_gap) const {
  if (where.timed != axis_.timed || where.source != axis_.source) {
    return std::nullopt;
  }
  const Micros longest = options_.max_seconds * kMicrosPerSecond;
  const Micros away = distance(where.at);
  const Micros far = patience(where.at, usual_gap);
  if (std::max(where.at, end_) - std::min(where.at, begin_) > longest) {
    return std::nullopt;
  }
  if (belongs_calmly(finding, where.at)) {
    return Affinity{Affinity::Kin::kTemplate, away};
  }
  // Hosts whose hearts stop together, each at its own beat, are one failure as long as it goes on, and so are sessions
  // that end with what comes in a burst.
  if (finding.bout && open_kinds_.contains(kind_key(finding))) {
    return Affinity{Affinity::Kin::kTemplate, away};
  }
  if (finding.whole_session && bursts_with(finding.template_id)) {
    return Affinity{Affinity::Kin::kTemplate, 0};
  }
  if (away > far) {
    return std::nullopt;
  }
  // News does not take its beginning from a habit before it, and a habit does not make a deployment alarming.
  if (habitual_ && !finding.habitual) {
    const bool near = std::max(where.at, begin_) - std::min(where.at, begin_) <= kNear;
    return near ? std::optional(Affinity{Affinity::Kin::kNear, away}) : std::nullopt;
  }
  if (news_ && finding.habitual) {
    return std::nullopt;
  }
  if (finding.session.valid() && sessions_.contains(finding.session)) {
    return Affinity{Affinity::Kin::kSession, away};
  }
  if (is_repeat(finding)) {
    return Affinity{Affinity::Kin::kTemplate, away};
  }
  // A new kind. It must come while the failure still spreads: long after, the incident only repeats itself, and
  // something else has begun. A real failure does not take its beginning from a false alarm before it.
  const Micros since_new_kind = std::max<Micros>(where.at - last_new_kind_, 0);
  const Micros reach = !strong_ && is_strong(finding) ? kNear : local_reach();
  if (away <= reach && since_new_kind <= gap_ && !finding.component.empty() &&
      components_.contains(hash64(finding.component))) {
    return Affinity{Affinity::Kin::kComponent, away};
  }
  if (away <= std::max(reach / 2, kNear) && since_new_kind <= gap_ / 2 && hosts_.contains(host_key(finding))) {
    return Affinity{Affinity::Kin::kHost, away};
  }
  if (away <= kNear && since_new_kind <= kCascade) {
    return Affinity{Affinity::Kin::kNear, away};
  }
  return std::nullopt;
}

bool OpenIncident::is_over(const Coordinate& where) const {
  if (where.timed != axis_.timed || where.source != axis_.source) {
    return false;
  }
  // Calm news waits for its repeats, what is quiet for a while, and a bout for its end.
  const bool waits = (news_ && axis_.timed) || lasts_quietly(where.at) || !open_bouts_.empty();
  return (!waits && where.at - anchor_ > gap_) || where.at - begin_ > options_.max_seconds * kMicrosPerSecond;
}

Finding* OpenIncident::join(Finding finding, const Coordinate& where, std::uint64_t sequence) {
  settle();
  touched_ = sequence;
  quiet_ = quiet_ && is_quiet(finding);
  news_ = news_ && finding.new_template && is_calm(finding);
  habitual_ = habitual_ && finding.habitual;
  if (finding.deployment) {
    deployed(where.at);
  }
  extend(finding, where.at);
  // When no more can be told apart, none counts as new: a repeat must not.
  if (templates_.size() < kTemplatesRemembered && templates_.insert(finding.template_id).second) {
    last_new_kind_ = std::max(last_new_kind_, where.at);
    ++incident_.template_count;
  }
  if (finding.session.valid()) {
    remember(sessions_, finding.session, kSessionsRemembered);
  }
  if (!finding.component.empty()) {
    remember(components_, hash64(finding.component), kNamesRemembered);
  }
  remember(hosts_, host_key(finding), kNamesRemembered);
  show(incident_.hosts, finding.host);
  show(incident_.components, finding.component);
  incident_.count += finding.count;
  incident_.peak_score = std::max(incident_.peak_score, finding.verdict.score);
  finding.incident_id = incident_.id;
  if (finding.bout && !finding.bout->over && open_bouts_.insert(finding.id).second) {
    ++open_kinds_[kind_key(finding)];
  }
  return collapse(std::move(finding));
}

// Moves the ends, the anchor and the local rate.
void OpenIncident::extend(const Finding& finding, Micros at) {
  begin_ = std::min(begin_, at);
  end_ = std::max(end_, axis_.timed && finding.count > 1 ? std::max(at, finding.last_time) : at);
  if (axis_.timed) {
    incident_.has_time = true;
    incident_.first = begin_;
    incident_.last = end_;
  }
  if (is_strong(finding)) {
    anchor_ = strong_ ? std::max(anchor_, at) : at;
    strong_ = true;
    remember(strong_templates_, finding.template_id, kTemplatesRemembered);
  }
  if (at - last_moment_ >= kMoment) {
    const auto gap = static_cast<double>(at - last_moment_);
    mean_gap_ = moments_ == 1 ? gap : mean_gap_ + kRateMemory * (gap - mean_gap_);
    last_moment_ = at;
    ++moments_;
  }
}

// A repeat of a template adds to its count. The finding keeps the place and the words of its first sight, and has the
// gravest level of all; of a stronger repeat it takes the verdict and the reasons, once they are filled in.
Finding* OpenIncident::collapse(Finding finding) {
  const auto known = kept_.find(kind_key(finding));
  const Micros last_time = finding.count > 1 ? finding.last_time : finding.time;
  if (known == kept_.end()) {
    finding.last_time = last_time;
    return keep(std::move(finding));
  }
  Finding& kept = incident_.findings[known->second];
  kept.count += finding.count;
  kept.last_time = std::max(kept.last_time, last_time);
  kept.level = std::max(kept.level, finding.level);
  const bool news = kept.habitual && !finding.habitual;
  kept.habitual = kept.habitual && finding.habitual;
  if (!news && !(finding.verdict.surprise > kWorse * kept.verdict.surprise)) {
    return nullptr;
  }
  return &stronger_.emplace(Stronger{known->second, std::move(finding)}).finding;
}

// The first of its kind. Without room it is counted, but the first event and the worst one are always kept.
Finding* OpenIncident::keep(Finding finding) {
  std::vector<Finding>& findings = incident_.findings;
  const std::uint64_t kind = kind_key(finding);
  if (findings.size() < std::max<std::size_t>(options_.max_findings, 1)) {
    kept_.emplace(kind, findings.size());
    findings.push_back(std::move(finding));
    return &findings.back();
  }
  Finding* place = nullptr;
  std::uint64_t dropped = kind;
  if (findings.size() > 1 && finding.verdict.score >= incident_.peak_score) {
    const auto weakest = std::min_element(findings.begin() + 1, findings.end(), [](const Finding& a, const Finding& b) {
      return a.verdict.score < b.verdict.score;
    });
    kept_.emplace(kind, static_cast<std::size_t>(weakest - findings.begin()));
    dropped_.erase(kind);
    dropped = kind_key(*weakest);
    kept_.erase(dropped);
    *weakest = std::move(finding);
    place = &*weakest;
  }
  remember(dropped_, dropped, kTemplatesRemembered);
  incident_.findings_dropped = dropped_.size();
  return place;
}

void OpenIncident::settle() {
  if (!stronger_) {
    return;
  }
  Finding& kept = incident_.findings[stronger_->kept];
  Finding& stronger = stronger_->finding;
  kept.verdict = stronger.verdict;
  kept.detectors = std::move(stronger.detectors);
  kept.reasons = std::move(stronger.reasons);
  kept.session_cause = std::move(stronger.session_cause);
  kept.bout = stronger.bout;
  stronger_.reset();
}

bool OpenIncident::update(const Finding& finding) {
  if (!finding.bout || open_bouts_.count(finding.id) == 0) {
    return false;
  }
  settle();
  if (finding.bout->over) {
    open_bouts_.erase(finding.id);
    const auto open = open_kinds_.find(kind_key(finding));
    if (open != open_kinds_.end() && --open->second == 0) {
      open_kinds_.erase(open);
    }
  }
  end_ = std::max(end_, finding.last_time);
  incident_.last = std::max(incident_.last, finding.last_time);
  incident_.peak_score = std::max(incident_.peak_score, finding.verdict.score);
  const auto known = kept_.find(kind_key(finding));
  if (known == kept_.end()) {
    return true;
  }
  // Bouts of one template in several streams are one finding: it tells of the longest.
  Finding& kept = incident_.findings[known->second];
  kept.last_time = std::max(kept.last_time, finding.last_time);
  if (kept.id == finding.id || finding.verdict.surprise > kept.verdict.surprise) {
    kept.bout = finding.bout;
    kept.verdict = finding.verdict;
    kept.reasons = finding.reasons;
  }
  return true;
}

Incident OpenIncident::close() {
  settle();
  std::vector<Finding>& findings = incident_.findings;
  for (std::size_t i = 1; i < findings.size(); ++i) {
    const Coordinate here = coordinate_of(findings[i], options_);
    if (here.at < coordinate_of(findings[incident_.first_finding], options_).at) {
      incident_.first_finding = i;
    }
    const Finding& worst = findings[incident_.worst_finding];
    const bool worse = findings[i].verdict.score > worst.verdict.score;
    if (findings[i].habitual == worst.habitual ? worse : worst.habitual) {
      incident_.worst_finding = i;
    }
  }
  // That sessions, one after the other, lack a step says more than how fast the lines come that they end with.
  const Finding& worst = findings[incident_.worst_finding];
  if (worst.bout && worst.bout->kind == BoutKind::kBurst) {
    const auto ended = kept_.find(kind_key(FindingKind::kSession, worst.template_id));
    if (ended != kept_.end()) {
      const Finding& sessions = findings[ended->second];
      if (!lacking(sessions).empty() && sessions.count > 1 && !sessions.habitual) {
        incident_.worst_finding = ended->second;
      }
    }
  }
  incident_.deployment = is_deployment();
  incident_.habitual = habitual_;
  incident_.severity = incident_severity(incident_);
  incident_.title = incident_title(incident_);
  return std::move(incident_);
}

}  // namespace logdetect
