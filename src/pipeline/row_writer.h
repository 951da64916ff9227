#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/event.h"
#include "logdetect/report/output.h"

namespace logdetect {

/// Writes the rows of `logdetect parse`: line, last_line, time, level, template_id, template, parameters, as CSV or
/// JSON Lines. Template texts are encoded once and kept. Not thread-safe.
class RowWriter {
 public:
  RowWriter(Output& output, bool json) : output_(output), json_(json) {}

  Result<void> begin();
  /// `template_text` is called when the text for (id, revision) is not at hand.
  template <typename Text>
  Result<void> write(const Record& record, const Event& event, std::uint32_t revision,
                     std::span<const Parameter> parameters, Text template_text) {
    return write_row(record, event, encoded(event.template_id, revision, template_text), parameters);
  }

 private:
  struct Cached {
    std::string text;
    std::uint32_t revision = 0;
    TemplateId id;
  };
  static constexpr std::size_t kMostCached = std::size_t{1} << 18;  // more than there are templates by default

  template <typename Text>
  const std::string& encoded(TemplateId id, std::uint32_t revision, Text template_text) {
    const std::size_t place = id.value() % kMostCached;
    if (place >= cache_.size()) {
      cache_.resize(place + 1);
    }
    Cached& cached = cache_[place];
    if (cached.id != id || cached.revision != revision) {
      cached.text.clear();
      encode(template_text(id), cached.text);
      cached.revision = revision;
      cached.id = id;
    }
    return cached.text;
  }

  void encode(std::string_view text, std::string& out) const;
  void append_time(Micros time);
  void append_parameters(std::span<const Parameter> parameters);
  Result<void> write_row(const Record& record, const Event& event, const std::string& text,
                         std::span<const Parameter> parameters);

  Output& output_;
  bool json_;
  std::string line_;
  std::string list_;
  std::vector<Cached> cache_;
  std::string second_text_;  // of the last time written, without fraction
  Micros second_ = -1;
};

}  // namespace logdetect
