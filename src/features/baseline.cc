#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "features/alarm_nats.h"
#include "features/baseline_impl.h"
#include "logdetect/base/check.h"

namespace logdetect {
namespace {

constexpr double kLevelPrior = 0.5;       // pseudo-lines of every level
constexpr std::uint64_t kMinLengths = 8;  // lines: below, a deviation says nothing
constexpr double kPriorLengths = 4;
constexpr double kPriorLengthDeviation = 0.3;  // of ln(1 + bytes)
constexpr double kMinLengthDeviation = 0.05;   // of ln(1 + bytes): a few bytes more are no news

constexpr double kOnePercent = 2.326;          // standard normal quantile
constexpr double kHalfPercentNats = 5.298317;  // -ln 0.005
constexpr double kMaxRarityNats = 1e6;         // more than any share can give: it only keeps out what is not finite

std::size_t index_of(TemplateId id) {
  return id.value();
}

// The deviation of a template's ln(1 + bytes), drawn towards the prior while few lines are known.
double length_deviation(const Moments& length, std::uint64_t count) {
  const double variance = (length.squares + kPriorLengths * kPriorLengthDeviation * kPriorLengthDeviation) /
                          (static_cast<double>(count) + kPriorLengths);
  return std::max(std::sqrt(variance), kMinLengthDeviation);
}

// The largest count that is not in the upper 0.5 % of the model, by doubling and halving.
double usual_maximum(const BurstModel& model) {
  const auto surprising = [&model](std::uint64_t n) {
    return negative_binomial_tail_nats(n, model.mean, model.size) > kHalfPercentNats;
  };
  std::uint64_t high = 1;
  while (!surprising(high) && high < (std::uint64_t{1} << 50)) {  // no count comes so far: ends for any model
    high *= 2;
  }
  std::uint64_t low = high / 2;
  while (low + 1 < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    (surprising(middle) ? high : low) = middle;
  }
  return static_cast<double>(high - 1);
}

}  // namespace

Baseline::Impl::Impl(const FeatureOptions& feature_options)
    : options(feature_options),
      windows(usable_windows(feature_options)),
      rates(windows.size()),
      profile(feature_options.profile_min_days) {}

double Baseline::Impl::share(std::size_t id) const {
  return finished ? table_of(id).share : good_turing.share(count_of(id));
}

double Baseline::Impl::rarity(std::size_t id) const {
  return finished ? static_cast<double>(table_of(id).rarity) : bounded_nats(-std::log(share(id)), kMaxRarityNats);
}

double Baseline::Impl::rarity_on(std::uint64_t stream, std::size_t id) const {
  if (options.rate_key == RateKey::kNone || stream == 0) {
    return rarity(id);
  }
  return bounded_nats(-std::log(streams.share(stream, id, share(id))), kMaxRarityNats);
}

double Baseline::Impl::stream_surprise(std::uint64_t stream, std::size_t id) const {
  return streams.surprise(stream, id, count_of(id), share(id));
}

double Baseline::Impl::level_share(Level from, Level to) const {
  double count = 0;
  for (auto level = static_cast<std::size_t>(from); level <= static_cast<std::size_t>(to); ++level) {
    count += static_cast<double>(levels.at(level));
  }
  // Two kinds of lines are told apart here, those of these levels and the others. Hence two priors.
  return (count + kLevelPrior) / (static_cast<double>(good_turing.events) + 2 * kLevelPrior);
}

double Baseline::Impl::level_nats(std::size_t id, std::size_t level) const {
  const double overall = (static_cast<double>(levels.at(level)) + kLevelPrior) /
                         (static_cast<double>(good_turing.events) + kLevelPrior * kLevelCount);
  if (!knows(id)) {
    return bounded_nats(-std::log(overall), kMaxLevelNats);
  }
  const Template& known = templates[id];
  const auto distinct = static_cast<double>(
      std::count_if(known.levels.begin(), known.levels.end(), [](std::uint32_t count) { return count > 0; }));
  // Witten and Bell's smoothing: the more levels a template has had, the less surprising is one more.
  const double given = (static_cast<double>(known.levels.at(level)) + distinct * overall) /
                       (static_cast<double>(known.count) + distinct);
  return bounded_nats(-std::log(given), kMaxLevelNats);
}

double Baseline::Impl::level_surprise(std::size_t id, Level level) const {
  const auto place = static_cast<std::size_t>(level);
  return finished ? static_cast<double>(table_of(id).level_nats.at(place)) : level_nats(id, place);
}

double Baseline::Impl::error_prior(Alarm alarm, double rarity) const {
  return alarm_nats(kLineAlarmShares, {alarms, good_turing.events}, alarm, rarity);
}

double Baseline::Impl::hour_surprise(std::size_t id, Micros time, Level level) const {
  const double of_level = profile.hour_surprise(time, level);
  if (!knows(id)) {
    return of_level;
  }
  // A template that keeps hours of its own can be at an unusual one where its level is not.
  const std::size_t hour = hour_of_week(time) % TimeProfile::kHours;
  return std::max(of_level, profile.surprise_of_share(time, hours.share(id, hour, profile.day_shares(level))));
}

double Baseline::Impl::length_precision(std::size_t id) const {
  const std::uint64_t count = count_of(id);
  return count < kMinLengths ? 0.0 : 1 / length_deviation(templates[id].length, count);
}

double Baseline::Impl::length_surprise(std::size_t id, std::uint32_t bytes) const {
  // Rounded to float in both modes, so that finish() changes no row.
  const auto precision = finished ? table_of(id).length_precision : static_cast<float>(length_precision(id));
  if (precision <= 0) {
    return 0;
  }
  const auto mean = finished ? table_of(id).length_mean : static_cast<float>(templates[id].length.mean);
  const double z =
      std::abs(log_count(std::uint64_t{bytes} + 1) - static_cast<double>(mean)) * static_cast<double>(precision);
  return bounded_nats(normal_tail_nats(z) - normal_tail_nats(0), kMaxLengthNats);
}

double Baseline::Impl::window_lengths(std::size_t w) const {
  return profile.seconds() / static_cast<double>(windows[w]);
}

BurstModel Baseline::Impl::burst(std::size_t id, std::size_t window) const {
  return finished ? bursts[std::min(id, templates.size()) * windows.size() + window]
                  : rates.burst_model(id, window, window_lengths(window));
}

void Baseline::Impl::learn(const Event& event, std::span<const Parameter> parameters, const Lesson& lesson) {
  if (lesson.id >= templates.size()) {
    templates.resize(lesson.id + 1);
  }
  Template& known = templates[lesson.id];
  const auto level = static_cast<std::size_t>(event.level);
  // Before the count below rises: add() is told how often the template had come.
  good_turing.add(known.count);
  ++known.count;
  ++levels.at(level);
  ++alarms.at(static_cast<std::size_t>(event.alarm));
  // 32 bits in the model file: the count stays at its largest value.
  if (std::uint32_t& count = known.levels.at(level); count < std::numeric_limits<std::uint32_t>::max()) {
    ++count;
  }
  known.length.add(log_count(std::uint64_t{event.message_bytes} + 1), known.count);
  recurrence.add(lesson.id);
  if (options.rate_key != RateKey::kNone) {
    streams.learn(event.group, lesson.id);
  }
  slots.learn(lesson.id, parameters);
  transitions.learn(lesson.before_last, lesson.last, static_cast<std::uint32_t>(lesson.id));
  if (lesson.timed) {
    // Rates and rhythms go by the present, to which an event without a time belongs too.
    std::array<std::int64_t, kMaxWindows> bins{};
    for (std::size_t w = 0; w < windows.size(); ++w) {
      bins.at(w) = floor_divide(lesson.now, windows[w] * kMicrosPerSecond);
    }
    rates.add(lesson.id, bins.data());
    rhythms.learn(static_cast<std::uint32_t>(lesson.id), event.stream.value(), lesson.now);
    latest = lesson.now;
    // Only an event with a time of its own tells an hour.
    if (event.has_time) {
      profile.add(event.time, event.level);
      if (!hours.counted(lesson.id, event.time)) {
        // Only here, because it costs 24 steps: at most once for each template and hour.
        profile.refresh_shares();
        hours.add(lesson.id, event.time, profile.day_shares(event.level));
      }
    }
  }
}

void Baseline::Impl::fold(std::size_t from, std::size_t into) {
  LD_CHECK(from != into, "a template cannot be merged into itself");
  if (!knows(from) || into >= kMaxTemplateIds) {
    return;
  }
  templates.resize(std::max(templates.size(), into + 1));
  Template& target = templates[into];
  const Template& source = templates[from];
  // Two templates leave the counts of counts, and one with the sum comes back. The number of events stays.
  good_turing.remove(target.count);
  good_turing.remove(source.count);
  target.length.merge(target.count, source.length, source.count);
  target.count += source.count;
  for (std::size_t level = 0; level < target.levels.size(); ++level) {
    const std::uint64_t sum = std::uint64_t{target.levels.at(level)} + source.levels.at(level);
    target.levels.at(level) =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, std::numeric_limits<std::uint32_t>::max()));
  }
  good_turing.put_back(target.count);
  templates[from] = Template{};
  recurrence.fold(from, into);
}

void Baseline::Impl::reopen() {
  finished = false;
  answers.clear();
  bursts.clear();
}

Baseline::Impl::Answers Baseline::Impl::answers_of(std::size_t id) const {
  Answers answer;
  answer.share = good_turing.share(count_of(id));
  answer.rarity = static_cast<float>(bounded_nats(-std::log(answer.share), kMaxRarityNats));
  answer.length_precision = static_cast<float>(length_precision(id));
  answer.length_mean = id < templates.size() ? static_cast<float>(templates[id].length.mean) : 0.0F;
  for (std::size_t level = 0; level < static_cast<std::size_t>(kLevelCount); ++level) {
    answer.level_nats.at(level) = static_cast<float>(level_nats(id, level));
  }
  return answer;
}

void Baseline::Impl::build_tables() {
  answers.clear();
  bursts.clear();
  answers.reserve(templates.size() + 1);
  bursts.reserve((templates.size() + 1) * windows.size());
  // One entry more than there are templates: that of a template never seen.
  for (std::size_t id = 0; id <= templates.size(); ++id) {
    answers.push_back(answers_of(id));
    for (std::size_t w = 0; w < windows.size(); ++w) {
      bursts.push_back(rates.burst_model(id, w, window_lengths(w)));
    }
  }
  profile.refresh_shares();
  finished = true;
}

void Baseline::Impl::finish() {
  // The tables below read closed bins only.
  rates.close();
  rhythms.finish(latest);
  // A training that added no row leaves the columns of the model as they were.
  if (auto quantiles = sample.quantiles(); !quantiles.empty()) {
    columns = std::move(quantiles);
  }
  sample = ColumnSample{};
  build_tables();
}

Baseline::Baseline(const FeatureOptions& options) : impl_(std::make_unique<Impl>(options)) {}
Baseline::~Baseline() = default;
Baseline::Baseline(Baseline&&) noexcept = default;
Baseline& Baseline::operator=(Baseline&&) noexcept = default;

void Baseline::save(ByteWriter& out) const {
  impl_->save(out);
}

Result<Baseline> Baseline::load(ByteReader& in, const FeatureOptions& options) {
  Baseline baseline(options);
  baseline.impl_->load(in);
  if (!in.ok()) {
    return in.finish().error();
  }
  baseline.impl_->build_tables();
  return baseline;
}

void Baseline::fold(TemplateId from, TemplateId into) {
  impl_->fold(index_of(from), index_of(into));
}

std::uint64_t Baseline::events() const {
  return impl_->good_turing.events;
}

double Baseline::observed_seconds() const {
  return impl_->profile.seconds();
}

std::uint64_t Baseline::template_count(TemplateId id) const {
  return impl_->count_of(index_of(id));
}

std::vector<TemplateId> Baseline::likely_after(TemplateId previous, std::size_t limit) const {
  std::vector<TemplateId> likely;
  for (const std::uint32_t id : impl_->transitions.likely_after(previous.value(), limit)) {
    likely.emplace_back(id);
  }
  return likely;
}

StreamFacts Baseline::on_stream(std::uint64_t group, TemplateId id) const {
  const StreamShares::Facts facts = impl_->streams.facts(group, index_of(id));
  return {facts.lines, facts.here, facts.streams};
}

RateKey Baseline::rate_key() const {
  return impl_->options.rate_key;
}

std::size_t Baseline::streams() const {
  return impl_->streams.streams();
}

std::uint64_t Baseline::stream_lines_dropped() const {
  return impl_->streams.dropped();
}

double Baseline::recurrence(TemplateId id) const {
  return impl_->recurrence.share(index_of(id));
}

bool Baseline::is_habit(TemplateId id, Alarm alarm) const {
  // Slices of training. What calls itself an error has to come once more before it is taken for a habit.
  constexpr std::uint32_t kFewestCalm = 3;
  constexpr std::uint32_t kFewestAlarming = 4;
  return impl_->recurrence.is_habit(index_of(id), alarm == Alarm::kNone ? kFewestCalm : kFewestAlarming);
}

Expectation Baseline::rate(TemplateId id, std::int64_t seconds) const {
  const auto& windows = impl_->windows;
  const double trained = impl_->profile.seconds();
  if (trained <= 0 || seconds <= 0) {
    return {};
  }
  Expectation expected;
  // Training shorter than `seconds` is not extended: no more lines are usual than it had.
  expected.typical =
      static_cast<double>(impl_->count_of(index_of(id))) * std::min(1.0, static_cast<double>(seconds) / trained);
  if (windows.empty()) {
    expected.high = expected.typical;
    return expected;
  }
  // The dispersion is known for the windows; the nearest one stands in for other lengths.
  const auto nearest = std::min_element(windows.begin(), windows.end(), [seconds](std::int64_t a, std::int64_t b) {
    return std::abs(a - seconds) < std::abs(b - seconds);
  });
  BurstModel model = impl_->burst(index_of(id), static_cast<std::size_t>(nearest - windows.begin()));
  if (model.mean <= 0) {
    expected.high = expected.typical;
    return expected;
  }
  // The model tells of the lines beside one that is there already. Hence one more at the high end.
  model.mean *= static_cast<float>(static_cast<double>(seconds) / static_cast<double>(*nearest));
  const double deviation = std::sqrt(expected.typical * (1 + expected.typical / static_cast<double>(model.size)));
  expected.low = std::max(0.0, std::floor(expected.typical - kOnePercent * deviation));
  expected.high = usual_maximum(model) + 1;
  return expected;
}

std::uint32_t Baseline::most_in_window(TemplateId id, std::size_t window) const {
  return window < impl_->windows.size() ? impl_->rates.most(index_of(id), window) : 0;
}

double Baseline::looks() const {
  // An hour at least: the lines of some seconds tell little of those of a day.
  const double days = std::max(impl_->profile.days(), 1.0 / 24);
  return std::log(std::max(static_cast<double>(impl_->good_turing.events) / days, 1.0));
}

const RhythmTable& Baseline::rhythms() const {
  return impl_->rhythms;
}

double Baseline::dispersion(TemplateId id) const {
  if (impl_->windows.empty()) {
    return 1;
  }
  const std::size_t longest = impl_->windows.size() - 1;
  const BurstModel model = impl_->burst(index_of(id), longest);
  // model.mean is m + m / r (RateStatistics). What exceeds the rate m is m / r, and variance over mean is 1 + m / r.
  const double rate =
      static_cast<double>(impl_->count_of(index_of(id))) / std::max(impl_->window_lengths(longest), 1.0);
  return 1 + std::max(0.0, static_cast<double>(model.mean) - rate);
}

Level Baseline::usual_level(TemplateId id) const {
  if (!impl_->knows(index_of(id))) {
    return Level::kUnknown;
  }
  const auto& levels = impl_->templates[index_of(id)].levels;
  return static_cast<Level>(std::max_element(levels.begin(), levels.end()) - levels.begin());
}

std::optional<Expectation> Baseline::numeric_range(TemplateId id, std::span<const Parameter> parameters,
                                                   std::size_t slot) const {
  const auto range = impl_->slots.range(index_of(id), parameters, slot);
  if (!range) {
    return std::nullopt;
  }
  return Expectation{range->typical, range->low, range->high, 0};
}

double Baseline::parameter_surprise(TemplateId id, std::span<const Parameter> parameters, std::size_t slot) const {
  return impl_->slots.slot_surprise(index_of(id), parameters, slot);
}

std::optional<Expectation> Baseline::length_range(TemplateId id) const {
  const std::uint64_t count = impl_->count_of(index_of(id));
  if (count < kMinLengths) {
    return std::nullopt;
  }
  const Moments& length = impl_->templates[index_of(id)].length;
  const double spread = kOnePercent * length_deviation(length, count);
  return Expectation{std::expm1(length.mean), std::max(0.0, std::expm1(length.mean - spread)),
                     std::expm1(length.mean + spread), 0};
}

Expectation Baseline::column(std::size_t index) const {
  if (index >= impl_->columns.size()) {
    return {};
  }
  const ColumnSample::Quantiles& quantiles = impl_->columns[index];
  return {quantiles.median, quantiles.low, quantiles.high, 0};
}

std::string Baseline::usual_hours(TemplateId id) const {
  return impl_->hours.usual(index_of(id));
}

std::string Baseline::usual_hours(Level level) const {
  return impl_->profile.usual_hours(level);
}

}  // namespace logdetect
