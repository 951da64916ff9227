#include "logdetect/pipeline/model_diff.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "logdetect/bundle/bundle.h"
#include "logdetect/learned/model.h"
#include "logdetect/reading/line_parser.h"
#include "pipeline/rate_change.h"

namespace logdetect {
namespace {

constexpr double kFalseShare = 0.01;         // of what is listed
constexpr double kLeastFactor = 1.5;         // smaller changes are no news, however certain
constexpr std::uint64_t kTrafficLines = 20;  // a template with fewer says little about the traffic
constexpr std::size_t kTrafficTemplates = 5;
constexpr double kSecondsPerHour = 3600;
constexpr double kUnitRecords = 1000;

using ModelPointer = std::shared_ptr<const Model>;

// Templates of two models that stand for one kind of message.
struct Kin {
  std::vector<TemplateId> before;
  std::vector<TemplateId> after;
};

// Sets of numbers that grow together.
class Components {
 public:
  explicit Components(std::size_t n) : parents_(n) { std::iota(parents_.begin(), parents_.end(), std::size_t{0}); }
  std::size_t root(std::size_t i) {
    while (parents_[i] != i) {
      parents_[i] = parents_[parents_[i]];
      i = parents_[i];
    }
    return i;
  }
  void join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    parents_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parents_;
};

// Every template of either model in exactly one set, in order of the first one's ids, then of the second one's.
std::vector<Kin> relate(const TemplateMiner& before, const TemplateMiner& after) {
  const std::vector<TemplateInfo> old_ones = before.list();
  const std::vector<TemplateInfo> new_ones = after.list();
  std::unordered_map<std::string_view, std::size_t> by_text;
  std::unordered_map<TemplateId, std::size_t> old_places;
  std::unordered_map<TemplateId, std::size_t> new_places;
  for (std::size_t i = 0; i < old_ones.size(); ++i) {
    by_text.emplace(old_ones[i].text, i);
    old_places.emplace(old_ones[i].id, i);
  }
  Components sets(old_ones.size() + new_ones.size());
  for (std::size_t i = 0; i < new_ones.size(); ++i) {
    const std::size_t place = old_ones.size() + i;
    new_places.emplace(new_ones[i].id, place);
    if (const auto same = by_text.find(new_ones[i].text); same != by_text.end()) {
      sets.join(same->second, place);
    }
    if (const TemplateId wider = before.counterpart(after, new_ones[i].id); wider.valid()) {
      sets.join(old_places.at(wider), place);
    }
  }
  for (std::size_t i = 0; i < old_ones.size(); ++i) {
    if (const TemplateId wider = after.counterpart(before, old_ones[i].id); wider.valid()) {
      sets.join(i, new_places.at(wider));
    }
  }
  std::vector<Kin> kin;
  std::unordered_map<std::size_t, std::size_t> at;
  for (std::size_t i = 0; i < old_ones.size() + new_ones.size(); ++i) {
    const auto [entry, added] = at.emplace(sets.root(i), kin.size());
    if (added) {
      kin.emplace_back();
    }
    if (i < old_ones.size()) {
      kin[entry->second].before.push_back(old_ones[i].id);
    } else {
      kin[entry->second].after.push_back(new_ones[i - old_ones.size()].id);
    }
  }
  return kin;
}

ModelFacts facts_of(const std::string& path, const Model& model) {
  ModelFacts out;
  out.path = path;
  out.id = model.id;
  out.records = model.facts.records;
  out.lines = model.facts.lines;
  out.templates = model.miner.size();
  out.has_time = model.facts.has_time;
  out.first = model.facts.first_time;
  out.last = model.facts.last_time;
  out.hours = model.facts.has_time ? model.baseline.observed_seconds() / kSecondsPerHour : 0;
  for (const HeaderPlan& plan : model.plans) {
    out.header += (out.header.empty() ? "" : " | ") + plan.describe();
  }
  out.threshold = model.ensemble.threshold();
  for (std::size_t d = 0; d < model.ensemble.size(); ++d) {
    out.detectors.emplace_back(model.ensemble.name(d), model.ensemble.weight(d));
  }
  out.session_key = model.session_key.empty() ? model.config.sessions.key : model.session_key;
  out.sessions = model.sessions.sessions();
  out.session_threshold = model.session_scorer.threshold();
  return out;
}

Result<std::vector<ValueChange>> config_changes(const Model& a, const Model& b) {
  ConfigBuilder before;
  ConfigBuilder after;
  LD_TRY(before.apply_yaml(a.config_yaml, "the first model's configuration", Origin::kFile));
  LD_TRY(after.apply_yaml(b.config_yaml, "the second model's configuration", Origin::kFile));
  std::vector<ValueChange> out;
  for (const FieldInfo& field : config_fields()) {
    ValueChange change{std::string(field.path), before.value_text(field.path), after.value_text(field.path)};
    if (change.before != change.after) {
      out.push_back(std::move(change));
    }
  }
  return out;
}

// The counts of one kind of message in both models.
class Comparison {
 public:
  Comparison(const Model& a, const Model& b, ModelDiff& diff) : a_(a), b_(b), diff_(diff) {
    diff.per_hour = diff.a.hours > 0 && diff.b.hours > 0;
    before_units_ = diff.per_hour ? diff.a.hours : static_cast<double>(diff.a.records) / kUnitRecords;
    after_units_ = diff.per_hour ? diff.b.hours : static_cast<double>(diff.b.records) / kUnitRecords;
  }

  void run() {
    for (const Kin& kin : relate(a_.miner, b_.miner)) {
      counts_.push_back(count(kin));
      dispersions_.push_back(dispersion(kin));
    }
    diff_.traffic = traffic();
    std::vector<double> p_values;
    std::vector<std::size_t> tested;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      TemplateChange& change = counts_[i];
      change.p_value = rate_change_p_value(change.before, change.after, diff_.traffic * after_units_ / before_units_,
                                           dispersions_[i]);
      if (change.before > 0) {
        p_values.push_back(change.p_value);
        tested.push_back(i);
      }
    }
    const std::vector<bool> sure = discoveries(p_values, kFalseShare);
    std::vector<bool> believed(counts_.size(), false);
    for (std::size_t i = 0; i < tested.size(); ++i) {
      believed[tested[i]] = sure[i];
    }
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      sort_in(std::move(counts_[i]), believed[i]);
    }
    arrange();
  }

 private:
  [[nodiscard]] TemplateChange count(const Kin& kin) const {
    TemplateChange out;
    std::uint64_t most = 0;
    const auto add = [&](const Model& model, const std::vector<TemplateId>& ids, std::uint64_t& sum) {
      most = 0;
      for (const TemplateId id : ids) {
        TemplateInfo info = model.miner.info(id);
        sum += info.count;
        out.alarm = std::max(out.alarm, alarm_of(model.baseline.usual_level(id), model.miner.alarming(id)));
        if (info.count >= most) {
          most = info.count;
          out.text = std::move(info.text);
        }
      }
    };
    add(a_, kin.before, out.before);
    add(b_, kin.after, out.after);
    out.before_rate = static_cast<double>(out.before) / before_units_;
    out.after_rate = static_cast<double>(out.after) / after_units_;
    out.factor = out.before > 0 && out.after > 0 ? out.after_rate / out.before_rate : 0;
    return out;
  }

  [[nodiscard]] double dispersion(const Kin& kin) const {
    double most = 1;
    for (const TemplateId id : kin.before) {
      most = std::max(most, a_.baseline.dispersion(id));
    }
    for (const TemplateId id : kin.after) {
      most = std::max(most, b_.baseline.dispersion(id));
    }
    return most;
  }

  [[nodiscard]] double traffic() const {
    std::vector<double> factors;
    for (const TemplateChange& change : counts_) {
      if (std::min(change.before, change.after) >= kTrafficLines) {
        factors.push_back(change.factor);
      }
    }
    return factors.size() < kTrafficTemplates ? 1 : median_of(std::move(factors), 1);
  }

  void sort_in(TemplateChange change, bool believed) {
    if (change.before == 0) {
      diff_.added.push_back(std::move(change));
    } else if (change.after == 0) {
      change.chance = !believed;
      diff_.gone.push_back(std::move(change));
    } else if (believed && std::abs(std::log(change.factor / diff_.traffic)) >= std::log(kLeastFactor)) {
      diff_.changed.push_back(std::move(change));
    } else {
      ++diff_.steady;
    }
  }

  void arrange() {
    const auto by = [](std::vector<TemplateChange>& list, auto key) {
      std::sort(list.begin(), list.end(), [&](const TemplateChange& x, const TemplateChange& y) {
        const auto left = key(x);
        const auto right = key(y);
        return left != right ? left < right : x.text < y.text;
      });
    };
    const auto alarm = [](const TemplateChange& change) { return -static_cast<int>(change.alarm); };
    const auto fewest_last = [](std::uint64_t count) { return UINT64_MAX - count; };
    by(diff_.added, [&](const auto& c) { return std::tuple(alarm(c), fewest_last(c.after)); });
    by(diff_.gone, [&](const auto& c) { return std::tuple(c.chance, alarm(c), fewest_last(c.before)); });
    by(diff_.changed, [&](const auto& c) { return std::tuple(alarm(c), c.p_value); });
  }

  const Model& a_;
  const Model& b_;
  ModelDiff& diff_;
  double before_units_ = 1;
  double after_units_ = 1;
  std::vector<TemplateChange> counts_;
  std::vector<double> dispersions_;
};

Result<ModelPointer> load(const std::string& path) {
  LD_ASSIGN(const Bundle bundle, Bundle::load(path));
  return unbundle_model(bundle);
}

}  // namespace

std::uint64_t ModelDiff::surely_gone() const {
  return static_cast<std::uint64_t>(
      std::count_if(gone.begin(), gone.end(), [](const TemplateChange& change) { return !change.chance; }));
}

Result<ModelDiff> diff_models(const std::string& a, const std::string& b) {
  LD_ASSIGN(const ModelPointer before, load(a));
  LD_ASSIGN(const ModelPointer after, load(b));
  ModelDiff diff;
  diff.a = facts_of(a, *before);
  diff.b = facts_of(b, *after);
  LD_ASSIGN(diff.config, config_changes(*before, *after));
  Comparison(*before, *after, diff).run();
  return diff;
}

}  // namespace logdetect
