import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A consumer as its users write it with the SDK for Java: takes orders from a queue and puts each down as paid. */
public final class Loop {
  public static void main(String[] arguments) {
    SqsClient sqs = SqsClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    DynamoDbClient db = DynamoDbClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    String url = sqs.getQueueUrl(request -> request.queueName(System.getenv("QUEUE"))).queueUrl();
    while (true) {
      var received = sqs.receiveMessage(request -> request.queueUrl(url).waitTimeSeconds(20));
      for (var message : received.messages()) {
        String id = message.body().replaceAll(".*\"id\" *: *\"([^\"]*)\".*", "$1");
        db.updateItem(
            request ->
                request
                    .tableName("orders")
                    .key(Map.of("id", AttributeValue.fromS(id)))
                    .updateExpression("SET #s = :paid ADD times :one")
                    .expressionAttributeNames(Map.of("#s", "state"))
                    .expressionAttributeValues(
                        Map.of(":paid", AttributeValue.fromS("paid"), ":one", AttributeValue.fromN("1"))));
        sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
      }
    }
  }
}
