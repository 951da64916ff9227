#include "features/template_hours.h"

#include <algorithm>
#include <cmath>

#include "features/numerics.h"

namespace logdetect {
namespace {

constexpr double kPrior = 0.5;  // hours that the level's profile counts for
constexpr float kMostOdds = 20;
constexpr float kLeastOdds = -5;
constexpr std::uint32_t kMostHours = 60'000;
constexpr std::array<double, 3> kKernel = {0.5, 0.2, 0.05};  // of an hour, by distance in hours, on each side
constexpr double kUsualShare = 0.9;
constexpr std::size_t kLongestUsualHours = 20;  // more than that is no habit of the day
constexpr float kSureOdds = 2;

std::int32_t hour_number(Micros time) {
  constexpr std::int64_t kMostHours32 = 1'000'000'000;  // 114,000 years: fits into 32 bits
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(floor_divide(time, kMicrosPerHour), -kMostHours32, kMostHours32));
}

std::size_t hour_of(std::int32_t number) {
  constexpr auto kDay = static_cast<std::int32_t>(TemplateHours::kHours);
  return static_cast<std::size_t>((number % kDay + kDay) % kDay);
}

}  // namespace

double TemplateHours::own_share(const Hours& hours, std::size_t hour, double share) {
  // A job of 02:55 sometimes runs at 03:05. Round the clock: hour 23 is beside hour 0.
  double near = kKernel[0] * hours.seen.at(hour);
  for (std::size_t away = 1; away < kKernel.size(); ++away) {
    near += kKernel.at(away) * (hours.seen.at((hour + away) % kHours) + hours.seen.at((hour + kHours - away) % kHours));
  }
  return (near + kPrior * share) / (hours.all + kPrior);
}

bool TemplateHours::counted(std::size_t id, Micros time) const {
  return id < hours_.size() && hours_[id].last == hour_number(time);
}

void TemplateHours::add(std::size_t id, Micros time, const std::array<double, kHours>& share) {
  if (id >= hours_.size()) {
    hours_.resize(id + 1);
  }
  Hours& hours = hours_[id];
  const std::int32_t number = hour_number(time);
  // Hours that held the template count, not lines. `seen` has 16 bits, and the bound of the sum keeps it within.
  if (hours.last == number || hours.all >= kMostHours) {
    return;
  }
  hours.last = number;
  const std::size_t hour = hour_of(number);
  constexpr double kLeastShare = 1e-6;  // of an hour in which no line of the level came yet
  const double expected = std::max(share.at(hour), kLeastShare);
  // The hour is asked for before it is counted: a profile is judged by what it foretold.
  const auto gain = static_cast<float>(std::log(own_share(hours, hour, share.at(hour)) / expected));
  hours.odds = std::clamp(hours.odds + (std::isfinite(gain) ? gain : kLeastOdds), kLeastOdds, kMostOdds);
  ++hours.seen.at(hour);
  ++hours.all;
}

double TemplateHours::share(std::size_t id, std::size_t hour, const std::array<double, kHours>& share) const {
  if (id >= hours_.size() || hours_[id].all == 0) {
    return share.at(hour);
  }
  const Hours& hours = hours_[id];
  const double keeps = 1 / (1 + std::exp(-static_cast<double>(hours.odds)));
  return keeps * own_share(hours, hour, share.at(hour)) + (1 - keeps) * share.at(hour);
}

std::string TemplateHours::usual(std::size_t id) const {
  if (id >= hours_.size() || hours_[id].odds < kSureOdds) {
    return {};
  }
  const Hours& hours = hours_[id];
  std::array<double, kHours> seen{};
  std::copy(hours.seen.begin(), hours.seen.end(), seen.begin());
  return stretch_of_day(seen, kUsualShare, kLongestUsualHours);
}

void TemplateHours::save(ByteWriter& out) const {
  out.u64(hours_.size());
  for (const Hours& hours : hours_) {
    for (const std::uint16_t seen : hours.seen) {
      out.u16(seen);
    }
    out.u32(static_cast<std::uint32_t>(hours.last));
    out.f32(hours.odds);
  }
}

void TemplateHours::load(ByteReader& in, std::size_t templates) {
  constexpr std::size_t kBytes = 2 * kHours + 4 + 4;
  hours_.resize(in.count(kBytes, templates));
  for (Hours& hours : hours_) {
    for (std::uint16_t& seen : hours.seen) {
      seen = in.u16();
      hours.all += seen;
    }
    hours.last = static_cast<std::int32_t>(in.u32());
    hours.odds = in.f32();
    if (!(hours.odds >= kLeastOdds && hours.odds <= kMostOdds) || hours.all > kMostHours) {
      in.fail("hours of a template out of range");
    }
    if (!in.ok()) {
      hours_.clear();
      return;
    }
  }
}

}  // namespace logdetect
