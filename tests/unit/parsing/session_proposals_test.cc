// What is looked at as an identifier of sessions, at the edges of its form.
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "logdetect/base/hash.h"
#include "logdetect/parsing/session_finder.h"

namespace logdetect {
namespace {

const auto kSame = [](TemplateId id) { return id; };

std::string hex_of(int n, int digits) {
  const std::string low = to_hex(hash_mix(1, static_cast<std::uint64_t>(n)), 16);
  const std::string high = to_hex(hash_mix(2, static_cast<std::uint64_t>(n)), 16);
  return ("f" + low + high).substr(0, static_cast<std::size_t>(digits));
}

struct Jobs {
  int records = 600;
  int steps = 5;  // records of a job, one behind the other, each of a kind of its own
  std::string front = "step of ";
  int filler = 0;  // records without an id behind each
};

/// What is found in jobs whose records hold `id(job)`.
std::optional<FoundSessions> found_in(const std::function<std::string(int)>& id, const Jobs& jobs = {}) {
  SessionFinder finder;
  for (int i = 0; i < jobs.records; ++i) {
    finder.offer(jobs.front + id(i / jobs.steps) + " done", TemplateId(static_cast<std::uint32_t>(i % jobs.steps)));
    for (int n = 0; n < jobs.filler; ++n) {
      finder.offer("nothing", TemplateId(99));
    }
  }
  return finder.find(kSame);
}

std::string words_of(const std::optional<FoundSessions>& found) {
  return found ? found->words : "none";
}

std::string number(int job, int base) {
  return std::to_string(base + job);
}

TEST(SessionProposals, FiveHundredRecordsAreEnough) {
  const auto id = [](int job) { return "job_" + number(job, 1000); };
  Jobs jobs;
  jobs.records = 500;
  EXPECT_EQ(words_of(found_in(id, jobs)), "the ids that begin with 'job_'");
  jobs.records = 499;
  EXPECT_EQ(words_of(found_in(id, jobs)), "none");
}

TEST(SessionProposals, APrefixHasTwoLettersAndFourBytesFollow) {
  EXPECT_EQ(words_of(found_in([](int job) { return "jb_" + number(job, 1000); })), "the ids that begin with 'jb_'");
  EXPECT_EQ(words_of(found_in([](int job) { return "j_" + number(job, 1000); })), "none");
  EXPECT_EQ(words_of(found_in([](int job) { return "job_" + number(job, 100); })), "none");
  EXPECT_EQ(words_of(found_in([](int job) { return "job-" + number(job, 1000); })), "the ids that begin with 'job-'");
  EXPECT_EQ(words_of(found_in([](int job) { return "job" + number(job, 1000); })), "none") << "no separator";
  EXPECT_EQ(words_of(found_in([](int job) { return "blk_-" + number(job, 1000); })), "the ids that begin with 'blk_'");
  EXPECT_EQ(words_of(found_in([](int job) { return "big-job_" + number(job, 1000); })),
            "the ids that begin with 'big-job_'");
}

TEST(SessionProposals, APrefixBeforeLettersAndDigitsTakesBoth) {
  const auto found = found_in([](int job) { return "req-x" + number(job, 1000); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pattern, "req-[-\\w]+");
  const auto numbers = found_in([](int job) { return "req-" + number(job, 1000); });
  ASSERT_TRUE(numbers);
  EXPECT_EQ(numbers->pattern, "req--?\\d+");
}

TEST(SessionProposals, AnIntroducerIsAWordWithItsMark) {
  const auto words = [](const std::string& front) {
    Jobs jobs;
    jobs.front = front;
    return words_of(found_in([](int job) { return hex_of(job, 10); }, jobs));
  };
  EXPECT_EQ(words("order: "), "the id after 'order: '");
  EXPECT_EQ(words("order:"), "the id after 'order:'");
  EXPECT_EQ(words("order="), "the id after 'order='");
  EXPECT_EQ(words("x the_order="), "the id after 'the_order='");
  EXPECT_EQ(words("id="), "the id after 'id='");
  EXPECT_EQ(words("x="), "none");
  EXPECT_EQ(words("order:  "), "none");
  EXPECT_EQ(words("order "), "none");
  EXPECT_EQ(words(":"), "none");
  EXPECT_EQ(words(" "), "none");
}

TEST(SessionProposals, AnIntroducedNumberHasFiveDigits) {
  EXPECT_EQ(words_of(found_in([](int job) { return "order=" + number(job, 10'000); })), "the id after 'order='");
  EXPECT_EQ(words_of(found_in([](int job) { return "order=" + number(job, 1000); })), "none");
  EXPECT_EQ(words_of(found_in([](int job) { return "order=x" + number(job, 100); })), "the id after 'order='");
  EXPECT_EQ(words_of(found_in([](int job) { return "order=x" + number(job, 100).substr(1); })), "none")
      << "three bytes repeat by chance";
}

TEST(SessionProposals, HexadecimalNumbersHave16Or32Digits) {
  const auto words = [](int digits) { return words_of(found_in([digits](int job) { return hex_of(job, digits); })); };
  EXPECT_EQ(words(15), "none");
  EXPECT_EQ(words(16), "the 16 hexadecimal digits");
  EXPECT_EQ(words(17), "none");
  EXPECT_EQ(words(31), "none");
  EXPECT_EQ(words(32), "the 32 hexadecimal digits");
  const auto found = found_in([](int job) { return hex_of(job, 32); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pattern, "\\b([0-9a-fA-F]{32})\\b");
  EXPECT_EQ(found->sessions, 120U);
  EXPECT_EQ(found->coverage, 1);
}

TEST(SessionProposals, AUuidHasItsDashesAndDigits) {
  const auto uuid = [](int job, char dash, char digit) {
    const std::string h = hex_of(job, 32);
    return h.substr(0, 8) + "-" + h.substr(8, 4) + dash + "4abc-8def-" + h.substr(12, 11) + digit;
  };
  EXPECT_EQ(words_of(found_in([&](int job) { return uuid(job, '-', '7'); })), "the UUID");
  EXPECT_EQ(words_of(found_in([&](int job) { return uuid(job, '-', 'g'); })), "none");
  EXPECT_EQ(words_of(found_in([&](int job) { return uuid(job, '0', '7'); })), "none");
}

TEST(SessionProposals, ANumberStandsBehindAPlainWord) {
  Jobs jobs;
  const auto words = [&](const std::string& front, int base = 10'000) {
    jobs.front = front;
    return words_of(found_in([base](int job) { return number(job, base); }, jobs));
  };
  EXPECT_EQ(words("order "), "the number after 'order '");
  EXPECT_EQ(words("order #"), "the number after 'order #'");
  EXPECT_EQ(words("of "), "the number after 'of '");
  EXPECT_EQ(words("x "), "none");
  EXPECT_EQ(words("x1order "), "none") << "not a plain word";
  EXPECT_EQ(words("order ", 1000), "none");
  EXPECT_EQ(words("order"), "none");
  EXPECT_EQ(words("#"), "none");
  EXPECT_EQ(words(std::string(24, 'w') + " "), "the number after '" + std::string(24, 'w') + " '");
  EXPECT_EQ(words(std::string(25, 'w') + " "), "none");
}

TEST(SessionProposals, OnlyTheFirst2048BytesAreLookedAt) {
  Jobs jobs;
  const auto id = [](int job) { return "job_" + number(job, 1000); };
  jobs.front = std::string(2048 - 8, ' ');
  EXPECT_EQ(words_of(found_in(id, jobs)), "the ids that begin with 'job_'");
  jobs.front = std::string(2048, ' ');
  EXPECT_EQ(words_of(found_in(id, jobs)), "none");
}

TEST(SessionThreads, TwentyValuesAreEnoughForMostRecords) {
  const auto words = [](int values) {
    Jobs jobs;
    jobs.steps = 30;
    jobs.records = 30 * values;
    return words_of(found_in([](int job) { return "job_" + number(job, 1000); }, jobs));
  };
  EXPECT_EQ(words(20), "the ids that begin with 'job_'");
  EXPECT_EQ(words(19), "none");
}

TEST(SessionThreads, AValueHasThreeRecordsAndTwoKinds) {
  const auto words = [](int steps) {
    Jobs jobs;
    jobs.steps = steps;
    return words_of(found_in([](int job) { return "job_" + number(job, 1000); }, jobs));
  };
  EXPECT_EQ(words(3), "the ids that begin with 'job_'");
  EXPECT_EQ(words(2), "none");
}

TEST(SessionThreads, HalfOfTheRecordsAreMost) {
  const auto words = [](int filler) {
    Jobs jobs;
    jobs.steps = 30;
    jobs.records = 30 * 30;  // too few values for a procedure
    jobs.filler = filler;
    return words_of(found_in([](int job) { return "job_" + number(job, 1000); }, jobs));
  };
  EXPECT_EQ(words(1), "the ids that begin with 'job_'");
  EXPECT_EQ(words(2), "none");
}

TEST(SessionThreads, AProcedureHasFiftyValuesAndThreeSteps) {
  const auto words = [](int values, int steps) {
    Jobs jobs;
    jobs.steps = steps;
    jobs.records = steps * values;
    jobs.filler = 9;
    return words_of(found_in([](int job) { return "job_" + number(job, 1000); }, jobs));
  };
  EXPECT_EQ(words(50, 3), "the ids that begin with 'job_'");
  EXPECT_EQ(words(49, 3), "none");
  EXPECT_EQ(words(100, 2), "none");
}

TEST(SessionThreads, AProcedureIsAFiftiethOfTheRecords) {
  const auto words = [](int filler) {
    Jobs jobs;
    jobs.filler = filler;
    return words_of(found_in([](int job) { return "job_" + number(job, 1000); }, jobs));
  };
  EXPECT_EQ(words(32), "the ids that begin with 'job_'") << "of 20,000 records more than 400 have it";
}

TEST(SessionThreads, MergedTemplatesAreOneKind) {
  SessionFinder finder;
  for (int i = 0; i < 600; ++i) {
    finder.offer("step of job_" + number(i / 5, 1000), TemplateId(static_cast<std::uint32_t>(i % 5)));
  }
  EXPECT_TRUE(finder.find(kSame));
  EXPECT_FALSE(finder.find([](TemplateId) { return TemplateId(0); }));
}

}  // namespace
}  // namespace logdetect
