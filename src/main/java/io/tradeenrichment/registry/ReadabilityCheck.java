package io.tradeenrichment.registry;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.key.AvroKeySchema;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.resolution.SchemaResolution;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.registry.RegistryApi.Newest;
import io.tradeenrichment.settings.SettingsException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.configuration.ConfigOption;

/** The job must be able to read records with the newest schemas of its feeds. */
final class ReadabilityCheck {
    private final StartupRequests requests;
    private final JobSchemas schemas;
    private final Consumer<String> warnings;

    ReadabilityCheck(StartupRequests requests, JobSchemas schemas, Consumer<String> warnings) {
        this.requests = requests;
        this.schemas = schemas;
        this.warnings = warnings;
    }

    /**
     * Checks the values of a feed. Returns the newest schema; empty, with a warning, if there is no such subject.
     *
     * @throws SettingsException if the job cannot read them
     */
    Optional<Newest> checkValues(Feed feed, Subject subject) throws InterruptedException {
        ConfigOption<String> option = RegistryOptions.subjectOf(feed);
        try {
            Optional<Newest> newest = requests.newest(subject);
            if (newest.isPresent()) {
                SchemaResolution.between(newest.get().parse(subject), schemas.of(feed));
            } else {
                warnings.accept(
                        "The registry has no subject " + subject + " yet, so it is unknown whether the job can read"
                                + " its records; " + option.key() + " names another subject.");
            }
            return newest;
        } catch (DecodeException e) {
            throw new SettingsException(
                    option.key(),
                    option.key() + ": the job cannot read what is written with the newest schema under the subject "
                            + subject + ": " + e.sentence() + "; correct that schema, or name another subject");
        }
    }

    /**
     * Checks the Avro keys of a dimension. Only warns if there is no such subject.
     *
     * @throws SettingsException if the job cannot read them
     */
    void checkKeys(Dimension dimension, Subject subject) throws InterruptedException {
        String key = JobOptions.DIMENSIONS_KEY_FORMAT.of(dimension.name()).key();
        try {
            Optional<Newest> newest = requests.newest(subject);
            if (newest.isPresent()) {
                AvroKeySchema.of(newest.get().parse(subject), dimension, schemas);
            } else {
                warnings.accept(
                        "The registry has no subject " + subject + " yet, so it is unknown whether the job can read"
                                + " the keys of " + dimension.title() + " records.");
            }
        } catch (DecodeException e) {
            throw new SettingsException(
                    key,
                    key + " is avro, but the newest schema under the subject " + subject + " does not contain the "
                            + schemas.row(dimension).idField() + ": " + e.sentence()
                            + "; correct that schema, or set the format that the keys have");
        }
    }
}
