#pragma once

#include <string>

namespace logdetect {

struct Model;

/// The JSON object stored in front of a model for people and scripts (docs/model-format.md tells of the most important
/// keys).
std::string make_manifest(const Model& model, const std::string& id);

}  // namespace logdetect
