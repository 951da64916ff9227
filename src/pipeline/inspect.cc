#include "logdetect/pipeline/inspect.h"

#include <algorithm>
#include <memory>

#include "logdetect/bundle/bundle.h"
#include "logdetect/learned/model.h"

namespace logdetect {

Result<ModelSummary> inspect_model(const std::string& path) {
  LD_ASSIGN(const Bundle bundle, Bundle::load(path));
  LD_ASSIGN(const std::shared_ptr<const Model> model, unbundle_model(bundle));
  ModelSummary summary;
  summary.path = path;
  summary.manifest = bundle.manifest();
  for (const Section& section : bundle.sections()) {
    summary.sections.emplace_back(section.name, section.bytes.size());
  }
  for (const HeaderPlan& plan : model->plans) {
    summary.header += (summary.header.empty() ? "" : " | ") + plan.describe();
  }
  summary.templates = model->miner.list();
  std::stable_sort(summary.templates.begin(), summary.templates.end(),
                   [](const TemplateInfo& a, const TemplateInfo& b) { return a.count > b.count; });
  summary.schema = model->schema;
  for (std::size_t d = 0; d < model->ensemble.size(); ++d) {
    summary.detectors.emplace_back(model->ensemble.name(d), model->ensemble.weight(d));
    if (const auto curve = model->ensemble.detector(d).learning_curve(); !curve.empty()) {
      summary.curves.emplace_back(model->ensemble.name(d), std::vector<EpochLoss>(curve.begin(), curve.end()));
    }
  }
  summary.threshold = model->ensemble.threshold();
  summary.config_yaml = model->config_yaml;
  return summary;
}

}  // namespace logdetect
