// The configuration: any text is accepted or refused with a place, and what is accepted survives writing and reading.
#include <cstdint>
#include <string>
#include <string_view>

#include "logdetect/base/check.h"
#include "logdetect/config/config.h"

namespace logdetect {
namespace {

void check_yaml(std::string_view text) {
  ConfigBuilder first;
  const auto applied = first.apply_yaml(text, "fuzz.yaml", Origin::kFile);
  if (!applied) {
    LD_CHECK(applied.error().code == ErrorCode::kConfig, "a wrong configuration is a configuration error");
    LD_CHECK(applied.error().where.starts_with("fuzz.yaml"), "errors have a place");
    return;
  }
  ConfigBuilder second;
  LD_CHECK(second.apply_yaml(first.to_yaml(true, true), "again", Origin::kFile).ok(), "what is written can be read");
  for (const FieldInfo& field : config_fields()) {
    LD_CHECK(first.value_text(field.path) == second.value_text(field.path), "values survive writing");
  }
}

// "path=text", as a flag or an environment variable gives it.
void check_value(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return;
  }
  ConfigBuilder builder;
  const auto applied = builder.apply_value(text.substr(0, equals), text.substr(equals + 1), "--flag", Origin::kFlag);
  LD_CHECK(applied.ok() || applied.error().code == ErrorCode::kUsage, "a wrong flag is a usage error");
}

}  // namespace
}  // namespace logdetect

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  logdetect::check_yaml(text);
  logdetect::check_value(text);
  (void)logdetect::load_formats(text, "fuzz.yaml").ok();
  return 0;
}
