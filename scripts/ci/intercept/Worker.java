import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Both HTTP clients of the JDK; the AWS SDKs for Java stand on these, or take the same proxy and trust store. */
public class Worker {
  private static final String SCOPE =
      "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0";

  public static void main(String[] arguments) throws Exception {
    String queue = System.getenv("QUEUE_URL");
    URI send = URI.create(queue + "?Action=SendMessage&Version=2012-11-05&MessageBody="
        + URLEncoder.encode(System.getenv("CLIENT"), StandardCharsets.UTF_8));
    HttpURLConnection sender = (HttpURLConnection) send.toURL().openConnection();
    sender.setRequestProperty("Authorization", SCOPE);
    if (sender.getResponseCode() != 200) throw new IOException("send: " + sender.getResponseCode());

    HttpClient client = HttpClient.newHttpClient();
    String received = call(client, URI.create(queue + "?Action=ReceiveMessage&Version=2012-11-05&WaitTimeSeconds=5"));
    String receipt = between(received, "<ReceiptHandle>", "</ReceiptHandle>");
    call(client, URI.create(queue + "?Action=DeleteMessage&Version=2012-11-05&ReceiptHandle="
        + URLEncoder.encode(receipt, StandardCharsets.UTF_8)));
    try {
      URI.create("https://example.com/").toURL().openConnection().getInputStream();
      throw new IllegalStateException("example.com was reached");
    } catch (IOException refused) {
      System.out.println("received " + between(received, "<Body>", "</Body>"));
    }
  }

  private static String call(HttpClient client, URI uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri).header("Authorization", SCOPE).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }
}
