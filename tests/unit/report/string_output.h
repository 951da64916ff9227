#pragma once

#include <string>

#include "logdetect/report/output.h"

namespace logdetect::samples {

/// Collects in memory, and tells how it ended.
class StringOutput final : public Output {
 public:
  Result<void> write(std::string_view records) override {
    text.append(records);
    return {};
  }
  Result<void> flush() override {
    ++flushes;
    return {};
  }
  Result<void> commit() override {
    committed = true;
    return {};
  }
  Result<void> abandon() override {
    abandoned = true;
    return {};
  }

  std::string text;
  int flushes = 0;
  bool committed = false;
  bool abandoned = false;
};

}  // namespace logdetect::samples
