#include "logdetect/learned/kept_sample.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "logdetect/base/check.h"

namespace logdetect {
namespace {

// Bounds of what is read from a file; all lie far above what is written.
constexpr std::size_t kMost = 1 << 20;  // rows or windows of a part
constexpr std::size_t kMostWindowEvents = 1000;
constexpr std::uint64_t kMostRecords = std::uint64_t{1} << 56;
constexpr std::size_t kEventBytes = 8 + 4 + 1 + 1;  // in the file: time, template, whether it has a time, level

// `count` indices below `n`, ascending, evenly spread.
std::vector<std::size_t> evenly(std::size_t n, std::size_t count) {
  count = std::min(n, count);
  std::vector<std::size_t> picked(count);
  for (std::size_t i = 0; i < count; ++i) {
    picked[i] = i * n / count;
  }
  return picked;
}

void append_row(FeatureMatrix& to, std::size_t at, const FeatureMatrix& from, std::size_t row) {
  std::copy(from.row(row).begin(), from.row(row).end(), to.row(at).begin());
}

KeptRows thin(const KeptRows& from, std::size_t count) {
  KeptRows out{from.of, {}, {}};
  const std::vector<std::size_t> picked = evenly(from.events.size(), count);
  out.rows.resize(picked.size(), from.rows.columns());
  for (std::size_t i = 0; i < picked.size(); ++i) {
    out.events.push_back(from.events[picked[i]]);
    append_row(out.rows, i, from.rows, picked[i]);
  }
  return out;
}

// Appends window `w` of `from`; its rows go to `rows`, flat.
void append_window(const KeptWindows& from, std::size_t w, KeptWindows& to, std::vector<float>& rows) {
  const WindowBatch& windows = from.windows;
  const auto begin = static_cast<std::ptrdiff_t>(w * windows.length);
  const auto end = begin + static_cast<std::ptrdiff_t>(windows.length);
  constexpr auto kNumbers = static_cast<std::ptrdiff_t>(WindowBatch::kNumbers);
  to.windows.length = windows.length;
  to.windows.templates.insert(to.windows.templates.end(), windows.templates.begin() + begin,
                              windows.templates.begin() + end);
  to.windows.values.insert(to.windows.values.end(), windows.values.begin() + begin * kNumbers,
                           windows.values.begin() + end * kNumbers);
  to.windows.first.push_back(static_cast<std::uint32_t>(to.windows.events.size()));
  // Events are numbered anew, because only those of the windows taken come along.
  for (const std::uint32_t event : std::span(windows.events).subspan(windows.first[w], windows.fresh(w))) {
    to.windows.events.push_back(static_cast<std::uint32_t>(to.events.size()));
    to.events.push_back(from.events[event]);
    rows.insert(rows.end(), from.rows.row(event).begin(), from.rows.row(event).end());
  }
}

void fill(FeatureMatrix& matrix, std::size_t columns, const std::vector<float>& rows) {
  matrix.resize(columns == 0 ? 0 : rows.size() / columns, columns);
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(i * columns), columns, matrix.row(i).begin());
  }
}

KeptWindows thin(const KeptWindows& from, std::size_t count) {
  KeptWindows out;
  out.of = from.of;
  std::vector<float> rows;
  for (const std::size_t w : evenly(from.windows.size(), count)) {
    append_window(from, w, out, rows);
  }
  fill(out.rows, from.rows.columns(), rows);
  return out;
}

// How many of each to take so that both are equally dense.
std::pair<std::size_t, std::size_t> balance(std::size_t old, std::uint64_t old_of, std::size_t fresh,
                                            std::uint64_t fresh_of) {
  if (old == 0 || fresh == 0 || old_of == 0 || fresh_of == 0) {
    return {old, fresh};
  }
  const double a = static_cast<double>(old) / static_cast<double>(old_of);
  const double b = static_cast<double>(fresh) / static_cast<double>(fresh_of);
  const auto scaled = [](std::size_t n, double share) {
    // At least one: neither part may vanish from the sample.
    return std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(static_cast<double>(n) * share)), 1, n);
  };
  return a > b ? std::pair(scaled(old, b / a), fresh) : std::pair(old, scaled(fresh, a / b));
}

// Saves of an event only what a detector reads.
void save_events(const std::vector<Event>& events, const FeatureMatrix& rows, ByteWriter& out) {
  out.u64(events.size());
  for (const Event& event : events) {
    out.i64(event.time);
    out.u32(event.template_id.value());
    out.u8(event.has_time ? 1 : 0);
    out.u8(static_cast<std::uint8_t>(event.level));
  }
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    out.f32s(rows.row(i));
  }
}

void load_events(ByteReader& in, std::size_t columns, std::size_t templates, std::vector<Event>& events,
                 FeatureMatrix& rows) {
  events.resize(in.count(kEventBytes + 4 * columns, kMost));
  for (Event& event : events) {
    event.time = in.i64();
    event.template_id = TemplateId(in.u32());
    event.has_time = in.u8() != 0;
    const std::uint8_t level = in.u8();
    event.level = static_cast<Level>(std::min<int>(level, kLevelCount - 1));
    if (event.template_id.value() >= templates || level >= kLevelCount) {
      in.fail("an event of the kept sample is out of range");
    }
  }
  // After damage the count of events proves nothing, so no memory is asked for.
  rows.resize(in.ok() ? events.size() : 0, columns);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    in.f32s(rows.row(i));
  }
}

std::uint64_t load_total(ByteReader& in) {
  const std::uint64_t total = in.u64();
  if (total > kMostRecords) {
    in.fail("the kept sample stands for too many records");
  }
  return total;
}

void save_windows(const KeptWindows& kept, ByteWriter& out) {
  const WindowBatch& windows = kept.windows;
  out.u64(kept.of);
  out.u64(windows.length);
  out.u64(windows.size());
  for (std::size_t w = 0; w < windows.size(); ++w) {
    out.u32(static_cast<std::uint32_t>(windows.fresh(w)));
  }
  for (const std::uint32_t id : windows.templates) {
    out.u32(id);
  }
  out.f32s(windows.values);
  save_events(kept.events, kept.rows, out);
}

void load_windows(ByteReader& in, std::size_t columns, std::size_t templates, KeptWindows& kept) {
  kept.of = load_total(in);
  const std::uint64_t length = in.u64();
  if (length > kMostWindowEvents) {
    in.fail("a kept window is too long");
    return;
  }
  kept.windows.length = length;
  const std::size_t count = in.count(4 + length * 4 * (1 + WindowBatch::kNumbers), kMost);
  std::size_t scored = 0;
  for (std::size_t w = 0; w < count; ++w) {
    const std::uint32_t fresh = in.u32();
    kept.windows.first.push_back(static_cast<std::uint32_t>(scored));
    scored += fresh;
    // Checked before the events are read: their number is the sum of these.
    if (fresh > length || scored > kMost) {
      in.fail("a kept window scores more events than it has");
      return;
    }
  }
  kept.windows.templates.resize(count * length);
  for (std::uint32_t& id : kept.windows.templates) {
    id = in.u32();
    if (id >= templates && id != WindowBatch::kPadding) {
      in.fail("a kept window holds an unknown template");
      return;
    }
  }
  kept.windows.values.resize(count * length * WindowBatch::kNumbers);
  in.f32s(kept.windows.values);
  load_events(in, columns, templates, kept.events, kept.rows);
  if (kept.events.size() != scored) {
    in.fail("kept windows and their events do not fit together");
    return;
  }
  for (std::size_t i = 0; i < scored; ++i) {
    kept.windows.events.push_back(static_cast<std::uint32_t>(i));
  }
}

}  // namespace

KeptRows keep(const RowSample& sample) {
  return {sample.offered(), {sample.events().begin(), sample.events().end()}, sample.rows()};
}

KeptWindows keep(const WindowSample& sample) {
  return {sample.offered(), sample.windows(), {sample.events().begin(), sample.events().end()}, sample.rows()};
}

KeptRows join(const KeptRows& old, KeptRows fresh) {
  if (old.events.empty()) {
    // The records of before count, though none of them was kept.
    fresh.of += old.of;
    return fresh;
  }
  // A row of an update of one day must not weigh as much as one of the year before it.
  const auto [of_old, of_fresh] = balance(old.events.size(), old.of, fresh.events.size(), fresh.of);
  KeptRows out = thin(old, of_old);
  const KeptRows rest = thin(fresh, of_fresh);
  LD_CHECK(out.events.empty() || rest.events.empty() || out.rows.columns() == rest.rows.columns(),
           "samples of other columns");
  const std::size_t first = out.events.size();
  FeatureMatrix rows;
  rows.resize(first + rest.events.size(), first > 0 ? out.rows.columns() : rest.rows.columns());
  for (std::size_t i = 0; i < first; ++i) {
    append_row(rows, i, out.rows, i);
  }
  for (std::size_t i = 0; i < rest.events.size(); ++i) {
    append_row(rows, first + i, rest.rows, i);
  }
  out.events.insert(out.events.end(), rest.events.begin(), rest.events.end());
  out.rows = std::move(rows);
  out.of = old.of + fresh.of;
  return out;
}

KeptWindows join(const KeptWindows& old, KeptWindows fresh) {
  if (old.windows.size() == 0) {
    fresh.of += old.of;
    return fresh;
  }
  const auto [of_old, of_fresh] = balance(old.windows.size(), old.of, fresh.windows.size(), fresh.of);
  LD_CHECK(old.windows.size() == 0 || fresh.windows.size() == 0 || old.windows.length == fresh.windows.length,
           "windows of other lengths");
  KeptWindows out;
  std::vector<float> rows;
  const auto take = [&](const KeptWindows& from, std::size_t count) {
    for (const std::size_t w : evenly(from.windows.size(), count)) {
      append_window(from, w, out, rows);
    }
  };
  take(old, of_old);
  take(fresh, of_fresh);
  out.windows.length = std::max(old.windows.length, fresh.windows.length);
  fill(out.rows, std::max(old.rows.columns(), fresh.rows.columns()), rows);
  out.of = old.of + fresh.of;
  return out;
}

KeptSample KeptSample::thinned() const {
  return {thin(fit, kRows), thin(validation, kRows), thin(fit_windows, kWindows), thin(validation_windows, kWindows)};
}

void KeptSample::save(ByteWriter& out) const {
  for (const KeptRows* part : {&fit, &validation}) {
    out.u64(part->of);
    save_events(part->events, part->rows, out);
  }
  save_windows(fit_windows, out);
  save_windows(validation_windows, out);
}

void KeptSample::load(ByteReader& in, std::size_t columns, std::size_t templates) {
  for (KeptRows* part : {&fit, &validation}) {
    part->of = load_total(in);
    load_events(in, columns, templates, part->events, part->rows);
  }
  load_windows(in, columns, templates, fit_windows);
  load_windows(in, columns, templates, validation_windows);
}

}  // namespace logdetect
