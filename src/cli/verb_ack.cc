#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "cli/ack_text.h"
#include "cli/messages.h"
#include "cli/result_source.h"
#include "cli/value_text.h"
#include "cli/verbs.h"
#include "logdetect/base/file.h"
#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/config/allow_file.h"
#include "logdetect/learned/allow_path.h"
#include "logdetect/report/explain.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;

// Empty where the system has no name for the user, as in many containers.
std::string user_name() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry == nullptr || entry->pw_name == nullptr ? std::string() : entry->pw_name;
}

Result<std::string> rules_path(const Typed& typed) {
  if (!typed.allow.empty()) {
    return typed.allow;
  }
  if (typed.model.empty()) {
    return make_error(ErrorCode::kUsage, "ack needs to know whose rules these are", "--model",
                      "--model model/ for allow.yaml beside the model, or --allow FILE");
  }
  // A mistyped model would get rules that no run ever reads.
  if (::access(typed.model.c_str(), F_OK) != 0) {
    return make_error(ErrorCode::kModel, "no model there: " + errno_text(errno), typed.model);
  }
  return allow_path(typed.model);
}

// Text of the file; empty when there is none yet.
Result<std::string> read_rules(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0) {
    return std::string();
  }
  return read_file(path, kMaxFileBytes, ErrorCode::kConfig);
}

// What the command line asks to be allowed: one rule per distinct template of the finding or incident.
Result<std::vector<AllowRule>> wanted_rules(const Session& session) {
  const Typed& typed = session.typed;
  std::vector<AllowRule> rules;
  if (!typed.pattern.empty()) {
    if (!typed.arguments.empty()) {
      return make_error(ErrorCode::kUsage, "give an id or a --pattern, not both", "--pattern");
    }
    rules.emplace_back().pattern = typed.pattern;
    return rules;
  }
  LD_ASSIGN(const std::string id, only_argument(session, "the id of a finding or incident"));
  LD_ASSIGN(const ResultSource result,
            read_result(session, "logdetect ack " + id + " --from anomalies.json --model model/"));
  LD_ASSIGN(const std::vector<Finding> findings, findings_from_result(result.bytes, id));
  std::set<std::string> seen;  // ids of rules
  const auto want = [&](AllowRule rule) {
    if (!rule.pattern.empty() && seen.insert(allow_rule_id(rule)).second) {
      rules.push_back(std::move(rule));
    }
  };
  for (const Finding& finding : findings) {
    AllowRule rule;
    // What a session lacks or has too much of, not the ordinary record it ended with.
    if (finding.whole_session) {
      rule.pattern = finding.session_cause;
    } else {
      // A template of two components makes two rules: what is normal in one may not be in the other.
      rule.pattern = finding.template_text;
      rule.component = finding.component;
    }
    want(std::move(rule));
  }
  return rules;
}

Result<int> list_rules(const Session& session, const std::string& path) {
  LD_ASSIGN(const std::vector<AllowRule> rules, read_allow_file(path));
  std::string out;
  for (const AllowRule& rule : rules) {
    out += rule_text(rule, system_clock().wall());
  }
  if (rules.empty() && !session.typed.quiet) {
    out = "no rules in " + escape_for_terminal(path) + "\n";
  }
  LD_TRY(print_text(out));
  return kExitOk;
}

Result<int> undo_rule(const Session& session, const std::string& path) {
  LD_ASSIGN(const std::string text, read_rules(path));
  LD_ASSIGN(const std::string left, without_allow_rule(text, session.typed.undo, path));
  LD_TRY(replace_file(path, left));
  if (!session.typed.quiet) {
    LD_TRY(print_text("taken back: " + escape_for_terminal(session.typed.undo) + "\n"));
  }
  return kExitOk;
}

Result<int> add_rules(const Session& session, const std::string& path) {
  const Typed& typed = session.typed;
  const Micros now = system_clock().wall();
  LD_ASSIGN(const std::optional<Micros> expires, read_expiry(typed.expires, now));
  LD_ASSIGN(std::vector<AllowRule> wanted, wanted_rules(session));
  LD_ASSIGN(const std::string text, read_rules(path));
  // Nothing is appended to a file that cannot be read as rules.
  LD_ASSIGN(const std::vector<AllowRule> known, parse_allow_rules(text, path));
  std::string said;
  std::vector<AllowRule> added;
  for (AllowRule& rule : wanted) {
    rule.id = allow_rule_id(rule);
    rule.reason = typed.reason;
    rule.author = typed.author.empty() ? user_name() : typed.author;
    rule.added = now / kMicrosPerDay * kMicrosPerDay;
    rule.expires = expires;
    const bool there = std::any_of(known.begin(), known.end(), [&](const AllowRule& old) { return old.id == rule.id; });
    if (there) {
      said += "already there: " + rule_text(rule, now);
    } else {
      said += rule_text(rule, now);
      added.push_back(rule);
    }
  }
  const std::string file = with_allow_rules(text, added);
  if (auto checked = parse_allow_rules(file, path); !checked) {  // a pattern that allows everything, most likely
    Error error = checked.error();
    error.where = typed.pattern.empty() ? error.where : "--pattern";
    return error;
  }
  if (!added.empty()) {
    LD_TRY(replace_file(path, file));
  }
  if (!typed.quiet) {
    LD_TRY(print_text(said + count_text(added.size(), "rule") + " added to " + escape_for_terminal(path) + "\n"));
  }
  return kExitOk;
}

}  // namespace

Result<int> run_ack(const Session& session) {
  LD_ASSIGN(const std::string path, rules_path(session.typed));
  if (session.typed.list) {
    return list_rules(session, path);
  }
  return session.typed.undo.empty() ? add_rules(session, path) : undo_rule(session, path);
}

}  // namespace logdetect
