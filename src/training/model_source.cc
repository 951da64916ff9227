#include "logdetect/training/model_source.h"

#include <utility>

#include "training/trainer.h"

namespace logdetect {

Result<std::shared_ptr<const Model>> obtain_model(const std::string& path, const std::vector<std::string>& baseline,
                                                  const Config& config, const std::string& config_yaml,
                                                  const RunControl& control) {
  if (path.empty() == baseline.empty()) {
    return make_error(ErrorCode::kUsage, "give either --model or --baseline", "",
                      "train a model with: logdetect train --input history.log --output model/");
  }
  if (path.empty()) {
    LD_ASSIGN(Trained trained, train_model(config, config_yaml, baseline, control));
    return std::move(trained.model);
  }
  return load_model(path);
}

}  // namespace logdetect
