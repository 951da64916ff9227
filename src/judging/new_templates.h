#pragma once

#include "logdetect/core/event.h"
#include "logdetect/mining/masker.h"
#include "logdetect/mining/template_overlay.h"

namespace logdetect {

/// Gives events that fit no template of the model one of the overlay's. Not thread-safe: one ordered stage.
class NewTemplates {
 public:
  /// Both must outlive it.
  NewTemplates(const Masker& masker, TemplateOverlay& templates) : masker_(masker), templates_(templates) {}

  /// Sets template, alarm and parameters of every event whose template id is invalid, and Event::is_new.
  void find(EventBatch& batch);

 private:
  const Masker& masker_;
  TemplateOverlay& templates_;
  MaskedMessage message_;  // scratch
};

}  // namespace logdetect
