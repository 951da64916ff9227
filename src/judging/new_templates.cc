#include "judging/new_templates.h"

#include "logdetect/reading/line_parser.h"

namespace logdetect {

void NewTemplates::find(EventBatch& batch) {
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    Event& event = batch.events[i];
    // The parallel part looked its template up in the model; what it did not find is learnt here, in order.
    if (event.template_id.valid()) {
      continue;
    }
    masker_.mask(batch.headers[i].message, batch.headers[i].extra_bytes, message_);
    event.template_id = templates_.learn(message_);
    event.is_new = true;
    event.alarm = alarm_of(event.level, templates_.alarming(event.template_id));
    // Behind those of all other events, whose indices must not move.
    event.first_parameter = static_cast<std::uint32_t>(batch.parameters.size());
    templates_.parameters(event.template_id, message_, batch.parameters);
    event.parameter_count = static_cast<std::uint16_t>(batch.parameters.size() - event.first_parameter);
  }
}

}  // namespace logdetect
