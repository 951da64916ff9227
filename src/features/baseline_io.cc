#include <cmath>

#include "features/baseline_impl.h"

namespace logdetect {
namespace {

constexpr std::uint32_t kFormat = 3;                         // version of this section
constexpr std::uint64_t kMaxCount = std::uint64_t{1} << 40;  // lines of one template
constexpr std::size_t kMaxColumns = kLineColumnCount + kMaxWindows * kWindowColumnCount + 1;
constexpr double kMaxLogLength = 23;  // ln(1 + bytes) of a 32-bit length

}  // namespace

void Baseline::Impl::save(ByteWriter& out) const {
  out.u32(kFormat);
  out.u64(windows.size());
  for (const std::int64_t seconds : windows) {
    out.i64(seconds);
  }
  for (const std::uint64_t count : alarms) {
    out.u64(count);
  }
  out.u64(templates.size());
  for (const Template& known : templates) {
    out.u64(known.count);
    for (const std::uint32_t count : known.levels) {
      out.u32(count);
    }
    known.length.save(out);
  }
  out.u64(rates.size());
  rates.save(out);
  recurrence.save(out);
  rhythms.save(out);
  transitions.save(out);
  slots.save(out);
  profile.save(out);
  hours.save(out);
  if (options.rate_key != RateKey::kNone) {
    streams.save(out);
  }
  out.u64(columns.size());
  for (const ColumnSample::Quantiles& column : columns) {
    out.f32(column.low);
    out.f32(column.median);
    out.f32(column.high);
  }
}

void Baseline::Impl::load(ByteReader& in) {
  if (in.u32() != kFormat) {
    in.fail("unknown layout of the baseline");
  }
  std::vector<std::int64_t> stored(in.count(8, kMaxWindows));
  for (std::int64_t& seconds : stored) {
    seconds = in.i64();
  }
  if (in.ok() && stored != windows) {
    in.fail("window lengths differ from the model's configuration");
  }
  for (std::uint64_t& count : alarms) {
    count = in.u64();
    if (count > kMaxCount) {
      in.fail("counts of alarming lines out of range");
    }
  }
  constexpr std::size_t kTemplateBytes = 8 + 4 * kLevelCount + 16;
  templates.resize(in.count(kTemplateBytes, kMaxTemplateIds));
  for (Template& known : templates) {
    known.count = in.u64();
    std::uint64_t stated = 0;
    for (std::size_t level = 0; level < known.levels.size(); ++level) {
      known.levels.at(level) = in.u32();
      levels.at(level) += known.levels.at(level);
      stated += known.levels.at(level);
    }
    known.length.load(in);
    if (known.count > kMaxCount || stated > known.count || std::abs(known.length.mean) > kMaxLogLength) {
      in.fail("template statistics out of range");
    }
    if (!in.ok()) {
      return;
    }
    // Totals are not in the file: they follow from the templates, and so cannot contradict them.
    good_turing.events += known.count;
    good_turing.types += known.count > 0 ? 1 : 0;
    good_turing.once += known.count == 1 ? 1 : 0;
    good_turing.twice += known.count == 2 ? 1 : 0;
  }
  // Without windows a rate takes no bytes; the bound by templates still holds.
  const std::size_t rated = windows.empty() ? in.count(1, 0) : in.count(36 * windows.size(), templates.size());
  rates.load(in, rated);
  recurrence.load(in, templates.size());
  rhythms.load(in, templates.size());
  transitions.load(in, templates.size());
  slots.load(in, templates.size());
  profile.load(in);
  hours.load(in, templates.size());
  if (options.rate_key != RateKey::kNone) {
    streams.load(in, templates.size());
  }
  constexpr std::size_t kQuantileBytes = 12;  // of three float32
  columns.resize(in.count(kQuantileBytes, kMaxColumns));
  for (ColumnSample::Quantiles& column : columns) {
    column.low = in.f32();
    column.median = in.f32();
    column.high = in.f32();
  }
}

}  // namespace logdetect
