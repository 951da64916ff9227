#include "logdetect/base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "logdetect/base/text.h"

namespace logdetect {
namespace {

std::shared_ptr<spdlog::logger> make_logger(spdlog::color_mode mode) {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(mode);
  auto logger = std::make_shared<spdlog::logger>("logdetect", std::move(sink));
  logger->set_pattern("logdetect: %^%l%$: %v");
  return logger;
}

std::shared_ptr<spdlog::logger>& logger() {
  static std::shared_ptr<spdlog::logger> instance = make_logger(spdlog::color_mode::never);
  return instance;
}

void write(spdlog::level::level_enum level, std::string_view message) {
  if (logger()->should_log(level)) {
    logger()->log(level, escape_for_terminal(message));
  }
}

}  // namespace

void configure_log(Verbosity verbosity, bool coloured) {
  logger() = make_logger(coloured ? spdlog::color_mode::always : spdlog::color_mode::never);
  switch (verbosity) {
    case Verbosity::kQuiet:
      logger()->set_level(spdlog::level::err);
      break;
    case Verbosity::kNormal:
      logger()->set_level(spdlog::level::warn);
      break;
    case Verbosity::kVerbose:
      logger()->set_level(spdlog::level::info);
      break;
    case Verbosity::kDebug:
      logger()->set_level(spdlog::level::debug);
      break;
  }
}

void log_debug(std::string_view message) {
  write(spdlog::level::debug, message);
}
void log_info(std::string_view message) {
  write(spdlog::level::info, message);
}
void log_warning(std::string_view message) {
  write(spdlog::level::warn, message);
}
void log_error(std::string_view message) {
  write(spdlog::level::err, message);
}

}  // namespace logdetect
