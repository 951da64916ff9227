#include "cli/help.h"

#include <algorithm>
#include <vector>

#include "cli/flags.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

// Columns of a terminal where texts begin: behind the longest name that is common enough to stand on their line.
constexpr std::size_t kTextColumn = 28;
constexpr std::size_t kVerbTextColumn = 18;
constexpr std::size_t kGroupTextColumn = 32;
constexpr std::size_t kWidth = 100;  // and where lines are wrapped

// "  name        text", the text wrapped and indented.
std::string entry(const std::string& name, std::string_view text, std::size_t column = kTextColumn) {
  std::string out = "  " + name;
  // A name that is too long has a line of its own.
  if (out.size() + 2 > column) {
    out += "\n";
    out.append(column, ' ');
  } else {
    out.resize(column, ' ');
  }
  std::size_t at = column;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!first && at + 1 + word.size() > kWidth) {
      out += "\n";
      out.append(column, ' ');
      at = column;
      first = true;
    }
    out += first ? "" : " ";
    out += word;
    at += word.size() + (first ? 0 : 1);
    first = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + "\n";
}

std::string verb_title(const VerbSpec& verb) {
  std::string title = "logdetect " + std::string(verb.name) + " - " + std::string(verb.summary) + "\n";
  if (!verb.alias.empty()) {
    title += "Also called: logdetect " + std::string(verb.alias) + "\n";
  }
  return title;
}

std::string usage(const VerbSpec& verb) {
  return "Usage: logdetect " + std::string(verb.name) + " [FLAGS]" + (verb.arguments.empty() ? "" : " ") +
         std::string(verb.arguments) + "\n";
}

// "-m, --model MODEL", or four blanks in place of a short name: long names stand below each other.
std::string flag_entry(const FlagSpec& flag) {
  std::string names(flag.names);
  if (const std::size_t comma = names.find(','); comma != std::string::npos) {
    names.insert(comma + 1, 1, ' ');
  } else if (names.starts_with("--")) {
    names.insert(0, "    ");
  }
  return entry(names + (flag.value.empty() ? "" : " " + flag.value), flag.help);
}

constexpr std::string_view kProgramExamples =
    "  logdetect train --output model/ /var/log/app/*.log      learn what is normal\n"
    "  logdetect scan --model model/ today.log                 what is not normal today, and why\n"
    "  logdetect watch --model model/ /var/log/app/app.log     the same, as it happens\n";

}  // namespace

std::string program_help() {
  std::string out = "logdetect learns what is normal from your logs and says what is not.\n\nExamples:\n";
  out += kProgramExamples;
  out += "\nCommands:\n";
  for (const VerbSpec& verb : verb_table()) {
    out += entry(std::string(verb.name), verb.summary, kVerbTextColumn);
  }
  out += "\nTopics (logdetect help TOPIC):\n";
  for (const Topic& topic : topic_table()) {
    out += entry(std::string(topic.name), topic.summary, kVerbTextColumn);
  }
  out += "\n`logdetect COMMAND -h` is short, `logdetect COMMAND --help` is complete.\n";
  return out;
}

std::string group_help(std::string_view group) {
  std::string commands;
  std::string examples;
  for (const VerbSpec& verb : verb_table()) {
    if (verb.name.starts_with(std::string(group) + " ")) {
      commands += entry("logdetect " + std::string(verb.name), verb.summary, kGroupTextColumn);
      examples += verb.examples;
    }
  }
  return "Examples:\n" + examples + "\nCommands:\n" + commands;
}

std::string short_help(Verb verb) {
  const VerbSpec& spec = verb_spec(verb);
  std::string out = verb_title(spec) + "\nExamples:\n" + std::string(spec.examples) + "\n" + usage(spec) + "\n";
  for (const FlagSpec& flag : flag_table()) {
    if (flag.common && has_flag(verb, flag)) {
      out += flag_entry(flag);
    }
  }
  return out + "\nAll flags: logdetect " + std::string(spec.name) + " --help\n";
}

std::string long_help(Verb verb) {
  const VerbSpec& spec = verb_spec(verb);
  std::string out = verb_title(spec) + "\nExamples:\n" + std::string(spec.examples) + "\n" + usage(spec);
  // Every heading of the flags: one under another heading would not be shown.
  for (const std::string_view group : {"Input", "Output", "Reading", "Learning", "Judging", "General"}) {
    std::string part;
    for (const FlagSpec& flag : flag_table()) {
      if (flag.group == group && has_flag(verb, flag)) {
        part += flag_entry(flag);
      }
    }
    if (!part.empty()) {
      out += "\n" + std::string(group) + ":\n" + part;
    }
  }
  out += "\nConfiguration files, environment: logdetect help config. Exit codes: logdetect help exit-codes\n";
  return out;
}

Result<std::string> help_on(const std::string& topic) {
  std::vector<std::string_view> known;
  // Topics first: "formats" and "config" are commands too, and those have --help.
  for (const Topic& entry : topic_table()) {
    if (entry.name == topic) {
      return entry.text();
    }
    known.push_back(entry.name);
  }
  for (const VerbSpec& verb : verb_table()) {
    if (verb.name == topic || (!verb.alias.empty() && verb.alias == topic)) {
      return long_help(verb.verb);
    }
    if (verb.name.starts_with(topic + " ")) {
      return group_help(topic);
    }
    known.push_back(verb.name);
  }
  const std::string_view near = nearest_name(topic, known);
  std::string all;
  for (const Topic& entry : topic_table()) {
    all += (all.empty() ? "" : ", ") + std::string(entry.name);
  }
  return make_error(ErrorCode::kUsage, "no help on '" + topic + "'", "",
                    near.empty() ? "topics: " + all : "did you mean '" + std::string(near) + "'?");
}

}  // namespace logdetect
