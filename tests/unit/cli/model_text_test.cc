#include "cli/model_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace logdetect {
namespace {

using testing::HasSubstr;
using testing::Not;

TemplateInfo info(std::uint32_t id, const std::string& text, std::uint64_t count, std::size_t parameters) {
  TemplateInfo out;
  out.id = TemplateId(id);
  out.text = text;
  out.count = count;
  out.parameter_count = parameters;
  return out;
}

ModelSummary summary() {
  ModelSummary model;
  model.path = "model/";
  model.manifest = R"({"version":3,"inputs":["a,b","c\"}"],"facts":{"lines":10,"records":9},"id":"ab"})";
  model.sections = {{"miner", 1500}, {"forest", 999}};
  model.header = "time level";
  model.templates = {info(4, "user <*> came", 12'345, 1), info(1, "began", 7, 0), info(2, "ended", 1, 12)};
  model.schema.columns = {{"rarity", "nats", "how rare it is"}, {"burst_60s", "count", "lines in a minute"}};
  model.detectors = {{"novelty", 1}, {"forest", 0.25}};
  model.curves = {{"autoencoder", {{0.5, 0.75}, {0.4, 0.6}}}};
  model.threshold = 4.5;
  model.config_yaml = "a: 1\n";
  return model;
}

TEST(ModelText, ShowsAllThatAModelHolds) {
  EXPECT_EQ(model_text(summary(), 20, 100),
            "Model model/\n"
            "  \"version\":3,\n"
            "  \"inputs\":[\"a,b\",\"c\\\"}\"],\n"
            "  \"facts\":{\"lines\":10,\"records\":9},\n"
            "  \"id\":\"ab\"\n"
            "\n"
            "Header      time level\n"
            "Threshold   4.500 nats\n"
            "Detectors   novelty (weight 1.00) forest (weight 0.25)\n"
            "Learning curve of autoencoder, validation loss by epoch: 0.750 0.600\n"
            "Features    2\n"
            "  rarity                   nats     how rare it is\n"
            "  burst_60s                count    lines in a minute\n"
            "\n"
            "Templates (3, by count)\n"
            "       COUNT  VALUES  TEMPLATE\n"
            "      12,345       1  user <*> came\n"
            "           7       0  began\n"
            "           1      12  ended\n"
            "\n"
            "Sections\n"
            "  miner                         1.5 kB\n"
            "  forest                     999 bytes\n");
}

TEST(ModelText, ShowsTheFirstTemplatesAndHowManyThereAreMore) {
  const std::string two = model_text(summary(), 2, 100);
  EXPECT_THAT(two, HasSubstr("began\n  and 1 more; --top 0 shows all\n"));
  EXPECT_THAT(two, Not(HasSubstr("ended")));
  for (const std::size_t all : {0, 3, 4}) {
    EXPECT_THAT(model_text(summary(), all, 100), Not(HasSubstr("more; --top 0"))) << all;
    EXPECT_THAT(model_text(summary(), all, 100), HasSubstr("ended\n")) << all;
  }
}

TEST(ModelText, LongTemplatesAreCutToTheWidthButKeepAFewColumns) {
  ModelSummary model = summary();
  model.templates = {info(1, std::string(200, 'w'), 5, 0)};
  EXPECT_THAT(model_text(model, 1, 100), HasSubstr("  " + std::string(75, 'w') + "…\n"));
  EXPECT_THAT(model_text(model, 1, 49), HasSubstr("  " + std::string(24, 'w') + "…\n"));
  EXPECT_THAT(model_text(model, 1, 10), HasSubstr("  " + std::string(23, 'w') + "…\n"));
}

TEST(ModelText, NothingOfAModelActsOnATerminal) {
  ModelSummary model = summary();
  model.manifest = "{\"a\":\"\x1b\",\r\n\"b\":1}";
  model.templates[0].text = "\x1b[31m";
  const std::string text = model_text(model, 1, 100);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("  \"a\":\"\\x1b\",\n  \"b\":1\n")) << "line ends between members are laid out anew";
}

TEST(ModelJson, HoldsAllOfIt) {
  const Json want = Json::parse(R"({"path":"model/",
    "manifest":{"version":3,"inputs":["a,b","c\"}"],"facts":{"lines":10,"records":9},"id":"ab"},
    "header":"time level","threshold":4.5,
    "detectors":[{"name":"novelty","weight":1.0},{"name":"forest","weight":0.25}],
    "learning_curves":[{"name":"autoencoder","epochs":[{"training":0.5,"validation":0.75},
                                                       {"training":0.4,"validation":0.6}]}],
    "features":[{"name":"rarity","unit":"nats","meaning":"how rare it is"},
                {"name":"burst_60s","unit":"count","meaning":"lines in a minute"}],
    "templates":[{"id":4,"count":12345,"values":1,"text":"user <*> came"},
                 {"id":1,"count":7,"values":0,"text":"began"},{"id":2,"count":1,"values":12,"text":"ended"}],
    "sections":[{"name":"miner","bytes":1500},{"name":"forest","bytes":999}],
    "config":"a: 1\n"})");
  EXPECT_EQ(json_text(model_json(summary())), json_text(want));
  ModelSummary broken = summary();
  broken.manifest = "{";
  EXPECT_TRUE(model_json(broken)["manifest"].is_null());
}

}  // namespace
}  // namespace logdetect
