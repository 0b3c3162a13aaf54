// A worker with the AWS SDK for Go v2 that knows its queue's URL and no endpoint.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func main() {
	ctx := context.Background()
	settings, err := config.LoadDefaultConfig(ctx)
	check(err)
	client := sqs.NewFromConfig(settings)
	queue, body := os.Getenv("QUEUE_URL"), os.Getenv("CLIENT")
	_, err = client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &queue, MessageBody: &body})
	check(err)
	received, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &queue, WaitTimeSeconds: 5})
	check(err)
	message := received.Messages[0]
	_, err = client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &queue, ReceiptHandle: message.ReceiptHandle})
	check(err)
	if _, err = http.Get("https://example.com/"); err == nil {
		log.Fatal("example.com was reached")
	}
	fmt.Println("received", *message.Body)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
