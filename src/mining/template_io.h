#pragma once

#include <vector>

#include "logdetect/bundle/bytes.h"
#include "mining/template.h"

namespace logdetect {

/// Writes templates; docs/model-format.md tells the bytes. O(tokens).
void save_templates(const std::vector<Template>& templates, ByteWriter& out);
/// Reads them back, refreshed. What makes no sense fails `in`; what is returned then is not to be used.
std::vector<Template> load_templates(ByteReader& in);

}  // namespace logdetect
