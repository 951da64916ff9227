#include "logdetect/mining/template_overlay.h"

#include <algorithm>

namespace logdetect {
namespace {

MinerOptions limited(MinerOptions options, std::size_t most) {
  options.max_templates = std::min(options.max_templates, most);
  return options;
}

}  // namespace

TemplateOverlay::TemplateOverlay(const TemplateMiner& known, MinerOptions options, std::size_t most_new)
    : known_(known),
      known_bound_(static_cast<std::uint32_t>(known.id_bound())),
      fresh_(limited(std::move(options), most_new)) {}

TemplateId TemplateOverlay::learn(const MaskedMessage& message) {
  return outer(fresh_.learn(message));
}

void TemplateOverlay::parameters(TemplateId id, const MaskedMessage& message, std::vector<Parameter>& out) const {
  fresh_.parameters(inner(id), message, out);
}

bool TemplateOverlay::alarming(TemplateId id) const {
  return fresh_.alarming(inner(id));
}

std::uint32_t TemplateOverlay::revision(TemplateId id) const {
  return fresh_.revision(inner(id));
}

TemplateId TemplateOverlay::resolve(TemplateId id) const {
  // An updated model still knows the ids of templates that were merged since.
  if (!is_new(id)) {
    return id.valid() ? known_.resolve(id) : id;
  }
  const TemplateId now = fresh_.resolve(inner(id));
  return now.valid() ? outer(now) : now;
}

std::string TemplateOverlay::text(TemplateId id) const {
  const TemplateId now = resolve(id);
  if (!now.valid()) {
    return {};
  }
  return is_new(now) ? fresh_.info(inner(now)).text : known_.info(now).text;
}

std::string TemplateOverlay::nearest_text(const MaskedMessage& message) const {
  return text(known_.nearest(message));
}

}  // namespace logdetect
