#include "logdetect/pipeline/model_diff.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "logdetect/bundle/bundle.h"
#include "logdetect/learned/model.h"
#include "logdetect/reading/line_parser.h"
#include "pipeline/template_changes.h"
#include "pipeline/template_kin.h"

namespace logdetect {
namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kRateRecords = 1000;  // a rate is told per so many records where there are no times

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

std::vector<ComparedTemplate> templates_of(const Model& model) {
  std::vector<ComparedTemplate> out;
  for (TemplateInfo& info : model.miner.list()) {
    // The model keeps no alarm of a template. Its usual level and its words tell it again.
    const Alarm alarm = alarm_of(model.baseline.usual_level(info.id), model.miner.alarming(info.id));
    out.push_back({std::move(info.text), alarm, info.count, model.baseline.dispersion(info.id)});
  }
  return out;
}

}  // namespace

std::uint64_t ModelDiff::surely_gone() const {
  return static_cast<std::uint64_t>(
      std::count_if(gone.begin(), gone.end(), [](const TemplateChange& change) { return !change.chance; }));
}

Result<ModelDiff> diff_models(const std::string& a, const std::string& b) {
  LD_ASSIGN(const std::shared_ptr<const Model> before, load_model(a));
  LD_ASSIGN(const std::shared_ptr<const Model> after, load_model(b));
  ModelDiff diff;
  diff.a = facts_of(a, *before);
  diff.b = facts_of(b, *after);
  LD_ASSIGN(diff.config, config_changes(*before, *after));
  // Without times in one of them only shares of the records can be compared.
  diff.per_hour = diff.a.hours > 0 && diff.b.hours > 0;
  const Exposure exposure = diff.per_hour ? Exposure{diff.a.hours, diff.b.hours}
                                          : Exposure{static_cast<double>(diff.a.records) / kRateRecords,
                                                     static_cast<double>(diff.b.records) / kRateRecords};
  const std::vector<ComparedTemplate> old_ones = templates_of(*before);
  const std::vector<ComparedTemplate> new_ones = templates_of(*after);
  const std::vector<KinLink> links = link_templates(before->miner, after->miner);
  const std::vector<Kin> kin = group_kin(old_ones.size(), new_ones.size(), links);
  TemplateChanges changes = find_changes(compare_kinds(old_ones, new_ones, kin, exposure), exposure);
  diff.traffic = changes.traffic;
  diff.added = std::move(changes.added);
  diff.gone = std::move(changes.gone);
  diff.changed = std::move(changes.changed);
  diff.steady = changes.steady;
  return diff;
}

}  // namespace logdetect
