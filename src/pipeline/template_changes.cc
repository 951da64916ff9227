#include "pipeline/template_changes.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "pipeline/rate_change.h"

namespace logdetect {
namespace {

constexpr double kFalseShare = 0.01;           // of what is listed as changed or gone
constexpr double kLeastFactor = 1.5;           // smaller changes are no news, however certain
constexpr std::uint64_t kTrafficRecords = 20;  // of fewer, a count wavers by more than a fifth by chance
constexpr std::size_t kTrafficKinds = 5;       // the median of fewer is that of one part of the system

// Adds up one side of a kin; keeps the text of its most frequent template.
std::uint64_t add_side(std::span<const ComparedTemplate> templates, std::span<const std::size_t> places,
                       ComparedKind& out) {
  std::uint64_t sum = 0;
  std::uint64_t most = 0;
  for (const std::size_t place : places) {
    const ComparedTemplate& one = templates[place];
    sum += one.count;
    out.change.alarm = std::max(out.change.alarm, one.alarm);
    out.dispersion = std::max(out.dispersion, one.dispersion);
    if (one.count >= most) {
      most = one.count;
      out.change.text = one.text;
    }
  }
  return sum;
}

// Which kinds the tests believe to have changed. Those that are new need no test.
std::vector<bool> believed(const std::vector<ComparedKind>& kinds) {
  std::vector<double> p_values;
  std::vector<std::size_t> tested;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i].change.before > 0) {
      p_values.push_back(kinds[i].change.p_value);
      tested.push_back(i);
    }
  }
  const std::vector<bool> sure = discoveries(p_values, kFalseShare);
  std::vector<bool> out(kinds.size(), false);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    out[tested[i]] = sure[i];
  }
  return out;
}

// On a logarithmic scale, so that twice and half as often are equally far.
bool is_large(double factor, double traffic) {
  return std::abs(std::log(factor / traffic)) >= std::log(kLeastFactor);
}

// By key, lowest first; of equal ones by text.
template <typename Key>
void sort_by(std::vector<TemplateChange>& list, Key key) {
  std::sort(list.begin(), list.end(), [&](const TemplateChange& x, const TemplateChange& y) {
    const auto left = key(x);
    const auto right = key(y);
    return left != right ? left < right : x.text < y.text;
  });
}

void arrange(TemplateChanges& changes) {
  const auto worst_first = [](const TemplateChange& change) { return -static_cast<int>(change.alarm); };
  const auto most_first = [](std::uint64_t count) { return UINT64_MAX - count; };
  sort_by(changes.added, [&](const auto& c) { return std::tuple(worst_first(c), most_first(c.after)); });
  sort_by(changes.gone, [&](const auto& c) { return std::tuple(c.chance, worst_first(c), most_first(c.before)); });
  sort_by(changes.changed, [&](const auto& c) { return std::tuple(worst_first(c), c.p_value); });
}

}  // namespace

std::vector<ComparedKind> compare_kinds(std::span<const ComparedTemplate> before,
                                        std::span<const ComparedTemplate> after, std::span<const Kin> kin,
                                        const Exposure& exposure) {
  std::vector<ComparedKind> out;
  out.reserve(kin.size());
  for (const Kin& one : kin) {
    ComparedKind& kind = out.emplace_back();
    TemplateChange& change = kind.change;
    // In this order: the later model's text replaces that of the earlier one.
    change.before = add_side(before, one.before, kind);
    change.after = add_side(after, one.after, kind);
    change.before_rate = static_cast<double>(change.before) / exposure.before;
    change.after_rate = static_cast<double>(change.after) / exposure.after;
    change.factor = change.before > 0 && change.after > 0 ? change.after_rate / change.before_rate : 0;
  }
  return out;
}

double traffic_factor(std::span<const ComparedKind> kinds) {
  std::vector<double> factors;
  for (const ComparedKind& kind : kinds) {
    if (std::min(kind.change.before, kind.change.after) >= kTrafficRecords) {
      factors.push_back(kind.change.factor);
    }
  }
  return factors.size() < kTrafficKinds ? 1 : median_of(std::move(factors), 1);
}

TemplateChanges find_changes(std::vector<ComparedKind> kinds, const Exposure& exposure) {
  TemplateChanges out;
  out.traffic = traffic_factor(kinds);
  for (ComparedKind& kind : kinds) {
    // Traffic lengthens the second observation: what is busier by as much as all the rest has not changed.
    kind.change.p_value = rate_change_p_value(kind.change.before, kind.change.after,
                                              out.traffic * exposure.after / exposure.before, kind.dispersion);
  }
  const std::vector<bool> sure = believed(kinds);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    TemplateChange& change = kinds[i].change;
    if (change.before == 0) {
      out.added.push_back(std::move(change));
    } else if (change.after == 0) {
      change.chance = !sure[i];
      out.gone.push_back(std::move(change));
    } else if (sure[i] && is_large(change.factor, out.traffic)) {
      out.changed.push_back(std::move(change));
    } else {
      ++out.steady;
    }
  }
  arrange(out);
  return out;
}

}  // namespace logdetect
