package io.tradeenrichment.settings;

import static org.apache.flink.configuration.ConfigOptions.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionPatternTest {
    private static final CommandDescription COMMAND = new CommandDescription(
            "bin/zoo", "Opens the zoo.", List.of(OptionGroup.of("Zoo", ZooOptions.class)), List.of());

    @TempDir
    Path folder;

    /** Options of animals. */
    public static final class ZooOptions {
        public static final ConfigOption<List<String>> ANIMALS = key("zoo.animals")
                .stringType()
                .asList()
                .defaultValues("bear", "wolf")
                .withDescription("The animals.");
        public static final OptionPattern<String> GUIDE = OptionPattern.of(
                "zoo.guide",
                ANIMALS,
                (option, animal) -> option.stringType()
                        .defaultValue(animal + "_guide")
                        .withDescription("The guide. By default the guide of the first animal."));
        public static final OptionPattern<Integer> HEADS = OptionPattern.of(
                "animals.NAME.head-count",
                ANIMALS,
                (option, animal) ->
                        option.intType().defaultValue(1).withDescription("The number of heads of a " + animal + "."));
        public static final OptionPattern<List<String>> FOOD = OptionPattern.of(
                "animals.NAME.food",
                ANIMALS,
                (option, animal) ->
                        option.stringType().asList().noDefaultValue().withDescription("What a " + animal + " eats."));

        @Excluding("RED")
        public static final OptionPattern<SampleOptions.Color> COLOR = OptionPattern.of(
                "animals.NAME.color",
                ANIMALS,
                (option, animal) -> option.enumType(SampleOptions.Color.class)
                        .defaultValue(SampleOptions.Color.GREEN)
                        .withDescription("The color of a " + animal + "."));

        public static final ConfigOption<String> GUESTS =
                key("houses.guests").stringType().defaultValue("tent").withDescription("The house of the guests.");
        public static final OptionPattern<String> HOUSES = OptionPattern.of(
                "houses.NAMEs",
                ANIMALS,
                (option, animal) -> option.stringType()
                        .defaultValue(animal + "s")
                        .withDescription("The house of each " + animal + "."));

        private ZooOptions() {}
    }

    @Test
    void givesTheOptionOfAName() {
        ConfigOption<String> house = ZooOptions.HOUSES.of("polar_bear2");

        assertThat(house.key()).isEqualTo("houses.polar_bear2s");
        assertThat(house.defaultValue()).isEqualTo("polar_bear2s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bear", "2bear", "_bear", "polar-bear", "a.b", "bär", "NAME"})
    void rejectsATextThatCannotBeAName(String text) {
        assertThat(OptionPattern.isName(text)).isFalse();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ZooOptions.HEADS.of(text))
                .withMessage("'" + text + "' cannot be the name in animals.NAME.head-count");
    }

    @Test
    void readsTheKeysOfNames() {
        Configuration configuration = Settings.read(
                        COMMAND,
                        "--animals.owl.head-count=2",
                        "--animals.wolf.food=hare, deer",
                        "--animals.owl.color=dark_blue",
                        "--houses.owls",
                        "tree",
                        "--zoo.animals=owl,wolf")
                .configuration();

        assertThat(configuration.get(ZooOptions.HEADS.of("owl"))).isEqualTo(2);
        assertThat(configuration.get(ZooOptions.HEADS.of("wolf"))).isEqualTo(1);
        assertThat(configuration.get(ZooOptions.FOOD.of("wolf"))).containsExactly("hare", "deer");
        assertThat(configuration.get(ZooOptions.COLOR.of("owl"))).isEqualTo(SampleOptions.Color.DARK_BLUE);
        assertThat(configuration.get(ZooOptions.HOUSES.of("owl"))).isEqualTo("tree");
        assertThat(configuration.get(ZooOptions.HOUSES.of("wolf"))).isEqualTo("wolfs");
    }

    @Test
    void prefersAKeyOfItsOwnToAPattern() {
        Configuration configuration =
                Settings.read(COMMAND, "--houses.guests=castle").configuration();

        assertThat(configuration.get(ZooOptions.GUESTS)).isEqualTo("castle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "animals.bear.head-count: 3\nhouses.bears: den",
                "animals:\n  bear:\n    head-count: 3\n  wolf:\nhouses:\n  guests: tent\n  bears: den",
                "animals.bear: {head-count: 3}\nhouses: {bears: den}"
            })
    void readsNestedAndDottedKeysFromAFile(String yaml) throws Exception {
        assertThat(Settings.read(COMMAND, "--config", file(yaml)).effectiveValues())
                .contains(entry("animals.bear.head-count", "3"), entry("houses.bears", "den"));
    }

    @Test
    void listsTheKeysOfTheNamesInForce() throws Exception {
        String file = file("zoo.animals: [owl, bear]\nanimals.owl.head-count: 2");

        assertThat(Settings.read(COMMAND, "--config", file, "--houses.owls=tree")
                        .effectiveListing())
                .isEqualToNormalizingNewlines("""
                        Zoo
                          zoo.animals             = owl, bear  (FILE, line 1)
                          zoo.guide               = owl_guide
                          animals.owl.head-count  = 2          (FILE, line 2)
                          animals.bear.head-count = 1
                          animals.owl.food        = (not set)
                          animals.bear.food       = (not set)
                          animals.owl.color       = green
                          animals.bear.color      = green
                          houses.guests           = tent
                          houses.owls             = tree       (command line)
                          houses.bears            = bears
                        """.replace("FILE", file));
    }

    @Test
    void takesADefaultFromTheFirstName() {
        assertThat(Settings.read(COMMAND).effectiveValues()).containsEntry("zoo.guide", "bear_guide");
        assertThat(Settings.read(COMMAND, "--zoo.guide=me").effectiveValues()).containsEntry("zoo.guide", "me");
        assertThat(Settings.read(COMMAND, "--zoo.guide=me").configuration().get(ZooOptions.GUIDE.of("owl")))
                .isEqualTo("me");
    }

    @Test
    void listsNoKeyOfATextThatCannotBeAName() {
        assertThat(Settings.read(COMMAND, "--zoo.animals=Owl,wolf,wolf").effectiveValues())
                .containsKey("houses.wolfs")
                .doesNotContainKey("houses.Owls");
    }

    @Test
    void showsEachPatternOnceOnTheHelpPage() {
        assertThat(HelpPage.of(COMMAND)).isEqualToNormalizingNewlines("""
                        Opens the zoo.

                        Usage
                          bin/zoo [--config FILE] [--key value]...

                        Options
                          --config FILE
                              Reads keys from a YAML file. A key on the command line overrides the file.
                          --help
                              Prints this page.
                          --version
                              Prints the version.

                        Zoo
                          --zoo.animals text,text,...                                            default: bear, wolf
                              The animals.
                          --zoo.guide text                                                       default: bear_guide
                              The guide. By default the guide of the first animal.
                          --animals.NAME.head-count number                                                default: 1
                              The number of heads of a NAME.
                          --animals.NAME.food text,text,...
                              What a NAME eats.
                          --animals.NAME.color green|dark-blue                                        default: green
                              The color of a NAME.
                          --houses.guests text                                                         default: tent
                              The house of the guests.
                          --houses.NAMEs text                                                         default: NAMEs
                              The house of each NAME.
                        """);
    }

    @Test
    void writesTheKeysOfNamesAsArguments() throws Exception {
        String file = file("animals.bear: {food: [honey, fish], head-count: 3}");
        Settings settings = Settings.read(COMMAND, "--config", file, "--houses.wolfs=den");

        assertThat(settings.toArguments())
                .containsExactly(
                        entry("animals.bear.food", "honey,fish"),
                        entry("animals.bear.head-count", "3"),
                        entry("houses.wolfs", "den"));
        assertThat(Settings.of(COMMAND, settings.toArguments(), "the record").effectiveValues())
                .isEqualTo(settings.effectiveValues());
        assertThat(settings.commandLineWithout("animals.")).endsWith(" --houses.wolfs den");
    }

    @Test
    void givesTheSettingsOfTheDefaultNames() {
        assertThat(OptionGroup.of("Zoo", ZooOptions.class, "animals.NAME.h", "houses.").settings().stream()
                        .flatMap(setting -> setting.forDefaultNames().stream()))
                .extracting(Setting::key)
                .containsExactly(
                        "animals.bear.head-count",
                        "animals.wolf.head-count",
                        "houses.guests",
                        "houses.bears",
                        "houses.wolfs");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '"', textBlock = """
                    animals.bear.headcount=2    > animals.bear.headcount is not a known key; did you mean animals.bear.head-count?
                    animal.owl.head-count=2     > animal.owl.head-count is not a known key; did you mean animals.owl.head-count?
                    Animals.Owl.head_count=2    > Animals.Owl.head_count is not a known key; did you mean animals.owl.head-count?
                    owl.head-count=2            > owl.head-count is not a known key; did you mean animals.owl.head-count?
                    animals.snow-owl.color=red  > animals.snow-owl.color is not a known key; did you mean animals.snow_owl.color?
                    houses.owl=tree             > houses.owl is not a known key; did you mean houses.owls?
                    houses.gests=tree           > houses.gests is set, but its name is not in zoo.animals; did you mean houses.guests?
                    animals.bear.head-count.x=1 > animals.bear.head-count.x is not a known key; did you mean animals.bear.head-count?
                    animals.bear=2              > animals.bear is not a key but a prefix of keys, for example animals.bear.head-count
                    animals=2                   > animals is not a key but a prefix of keys, for example animals.NAME.head-count
                    animals.NAME.color=red      > animals.NAME.color needs a name in place of NAME, for example animals.bear.color
                    animals.1.color=red         > animals.1.color is not a known key; did you mean animals.NAME.color?
                    animals.bear.head-count=two > animals.bear.head-count is 'two', but takes a whole number of at most 2147483647
                    animals.bear.color=blue     > animals.bear.color is 'blue', but takes green or dark-blue
                    animals.baer.head-count=2   > animals.baer.head-count is set, but its name is not in zoo.animals; did you mean animals.bear.head-count?
                    animals.lion.head-count=2   > animals.lion.head-count is set, but its name is not in zoo.animals, which has bear, wolf; add it there
                    """)
    void rejectsAWrongKeyOrValueInOneSentence(String argument, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(COMMAND, "--" + argument))
                .withMessage(sentence);
    }

    @Test
    void namesTheLineOfAKeyWhoseNameIsNotListed() throws Exception {
        String file = file("zoo.animals: [owl]\nhouses:\n  owls: tree\n  bears: den\n");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(COMMAND, "--config", file))
                .withMessage(file + ", line 4: houses.bears is set, but its name is not in zoo.animals, which has owl;"
                        + " add it there");
    }

    @Test
    void namesTheLineOfAValueThatARecordRejects() throws Exception {
        String file = file("animals.bear.head-count: 0");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(COMMAND, "--config", file)
                        .bind(configuration ->
                                new CheckedConfiguration(configuration).between(1, 3, ZooOptions.HEADS.of("bear"))))
                .withMessage(file + ", line 1: animals.bear.head-count is 0, but it must be from 1 to 3");
    }

    @Test
    void rejectsAnUnlistedNameFromAnotherSource() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.of(COMMAND, Map.of("houses.owls", "tree"), "the record"))
                .withMessageStartingWith(
                        "the record: houses.owls is set, but its name is not in zoo.animals, which has bear, wolf;");
    }

    private String file(String yaml) throws Exception {
        return Files.writeString(folder.resolve("zoo.yaml"), yaml).toString();
    }
}
