#include "cli/model_text.h"

#include <algorithm>
#include <utility>

#include "cli/value_text.h"
#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

// Breaks compact JSON into one line per member of the outermost object. Text inside quotes is left alone.
std::string manifest_lines(std::string_view json) {
  std::string out = "  ";
  int depth = 0;
  bool quoted = false;
  bool escaped = false;
  for (const char c : json) {
    if (quoted) {
      out += c;
      // `\"` does not end the string, `\\"` does.
      quoted = escaped || c != '"';
      escaped = !escaped && c == '\\';
      continue;
    }
    if (c == '\n' || c == '\r') {
      continue;
    }
    depth += (c == '{' || c == '[') ? 1 : 0;
    depth -= (c == '}' || c == ']') ? 1 : 0;
    quoted = c == '"';
    if (depth == 0 || (depth == 1 && c == '{')) {
      continue;  // the outermost braces
    }
    out += c;
    if (depth == 1 && c == ',') {
      out += "\n  ";
    }
  }
  return out + "\n";
}

// Escapes every line by itself, so that the line ends stay.
std::string escape_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += escape_for_terminal(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string template_rows(const ModelSummary& model, std::size_t top, std::size_t width) {
  constexpr std::size_t kBeforeText = 24;  // columns
  const std::size_t shown = top == 0 ? model.templates.size() : std::min(top, model.templates.size());
  std::string out = "\nTemplates (" + with_commas(model.templates.size()) + ", by count)\n";
  out += "       COUNT  VALUES  TEMPLATE\n";
  for (std::size_t i = 0; i < shown; ++i) {
    const TemplateInfo& info = model.templates[i];
    // A narrow terminal still shows kBeforeText columns of the text.
    out += aligned_right(with_commas(info.count), 12) + aligned_right(std::to_string(info.parameter_count), 8) + "  " +
           ellipsize(escape_for_terminal(info.text), std::max<std::size_t>(width, kBeforeText * 2) - kBeforeText) +
           "\n";
  }
  if (shown < model.templates.size()) {
    out += "  and " + with_commas(model.templates.size() - shown) + " more; --top 0 shows all\n";
  }
  return out;
}

}  // namespace

std::string model_text(const ModelSummary& model, std::size_t top, std::size_t width) {
  std::string out = "Model " + escape_for_terminal(model.path) + "\n";
  out += escape_lines(manifest_lines(model.manifest));
  out += "\nHeader      " + escape_for_terminal(model.header) + "\n";
  out += "Threshold   " + fixed_text(model.threshold, 3) + " nats\n";
  out += "Detectors  ";
  for (const auto& [name, weight] : model.detectors) {
    out += " " + name + " (weight " + fixed_text(weight, 2) + ")";
  }
  for (const auto& [name, epochs] : model.curves) {
    out += "\nLearning curve of " + escape_for_terminal(name) + ", validation loss by epoch:";
    for (const EpochLoss& loss : epochs) {
      out += " " + fixed_text(loss.validation, 3);
    }
  }
  out += "\nFeatures    " + std::to_string(model.schema.size()) + "\n";
  for (const FeatureInfo& column : model.schema.columns) {
    out += "  " + aligned_left(column.name, 24) + " " + aligned_left(column.unit, 8) + " " +
           escape_for_terminal(column.meaning) + "\n";
  }
  out += template_rows(model, top, width);
  out += "\nSections\n";
  for (const auto& [name, size] : model.sections) {
    out += "  " + aligned_left(escape_for_terminal(name), 24) + aligned_right(size_text(size), 12) + "\n";
  }
  return out;
}

Json model_json(const ModelSummary& model) {
  Json detectors = Json::array();
  for (const auto& [name, weight] : model.detectors) {
    detectors.push_back({{"name", name}, {"weight", weight}});
  }
  Json curves = Json::array();
  for (const auto& [name, losses] : model.curves) {
    Json epochs = Json::array();
    for (const EpochLoss& loss : losses) {
      epochs.push_back({{"training", loss.training}, {"validation", loss.validation}});
    }
    curves.push_back({{"name", name}, {"epochs", std::move(epochs)}});
  }
  Json features = Json::array();
  for (const FeatureInfo& column : model.schema.columns) {
    features.push_back({{"name", column.name}, {"unit", column.unit}, {"meaning", column.meaning}});
  }
  Json templates = Json::array();
  for (const TemplateInfo& info : model.templates) {
    templates.push_back(
        {{"id", info.id.value()}, {"count", info.count}, {"values", info.parameter_count}, {"text", info.text}});
  }
  Json sections = Json::array();
  for (const auto& [name, bytes] : model.sections) {
    sections.push_back({{"name", name}, {"bytes", bytes}});
  }
  // The reader of models has checked that it is JSON, and how deep.
  Json manifest = Json::parse(model.manifest, nullptr, false);
  return {{"path", model.path},
          {"manifest", manifest.is_discarded() ? Json() : std::move(manifest)},
          {"header", model.header},
          {"threshold", model.threshold},
          {"detectors", std::move(detectors)},
          {"learning_curves", std::move(curves)},
          {"features", std::move(features)},
          {"templates", std::move(templates)},
          {"sections", std::move(sections)},
          {"config", model.config_yaml}};
}

}  // namespace logdetect
