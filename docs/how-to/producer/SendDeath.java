// Sends one death (mati) as a producer does. Java 17 with org.apache.kafka:kafka-clients and org.apache.avro:avro:
//   javac -cp "JARS/*" -d OUT SendDeath.java && java -cp "OUT:JARS/*" SendDeath BROKER TOPIC mati.avsc NIK 2025-03-10
// `dtsen send` checks an event before it leaves; this program does not: read its refusals with `dtsen rejected list`.

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public final class SendDeath {
    static final String PRODUCER = "dukcapil-dki", OFFICE = "Kelurahan Kebayoran Lama Utara";

    public static void main(String[] args) throws Exception {
        String broker = args[0], topic = args[1], nik = args[3];
        Schema schema = new Schema.Parser().parse(new File(args[2]));
        LocalDate died = LocalDate.parse(args[4]);
        Instant recorded = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        UUID id = uuid7(recorded); // keep it with your own record of the death: sent again, it must be the same

        GenericRecord content = new GenericData.Record(schema.getField("content").schema().getTypes().get(1));
        content.put("nik", nik);
        content.put("tanggal_meninggal", (int) died.toEpochDay());
        GenericRecord event = new GenericData.Record(schema); // corrects and nomor_akta stay null
        byte[] idBytes = ByteBuffer.allocate(16).putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits()).array();
        event.put("event_id", new GenericData.Fixed(schema.getField("event_id").schema(), idBytes));
        event.put("effective_on", (int) died.toEpochDay());
        event.put("recorded_at", recorded.toEpochMilli());
        event.put("producer", PRODUCER);
        event.put("office", OFFICE);
        event.put("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), "STATE"));
        event.put("content", content);

        // C3 01, the schema's CRC-64-AVRO fingerprint (little endian), and the record: Avro single-object encoding
        ByteBuffer encoded = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema).encode(event);
        byte[] value = new byte[encoded.remaining()];
        encoded.get(value);

        ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, bytes(nik), value);
        Map.of("ce_specversion", "1.0", "content-type", "application/avro", "ce_id", id.toString(),
            "ce_source", "urn:dtsen:" + PRODUCER + ":" + OFFICE, "ce_type", "id.go.dtsen.mati",
            "ce_time", recorded.toString()).forEach((name, text) -> message.headers().add(name, bytes(text)));
        Map<String, Object> options = Map.of("bootstrap.servers", broker, "acks", "all", "enable.idempotence", true);
        try (var kafka = new KafkaProducer<>(options, new ByteArraySerializer(), new ByteArraySerializer())) {
            var place = kafka.send(message).get();
            System.out.printf("sent to %s[%d]@%d, id %s%n", topic, place.partition(), place.offset(), id);
        }
    }

    static UUID uuid7(Instant recorded) { // RFC 9562: 48 bits of milliseconds, version, 12 random bits; variant, 62 more
        SecureRandom random = new SecureRandom();
        long high = recorded.toEpochMilli() << 16 | 0x7000 | random.nextInt(1 << 12);
        return new UUID(high, random.nextLong() >>> 2 | 1L << 63);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
