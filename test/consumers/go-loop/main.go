// A consumer as its users write it with the SDK for Go: takes orders from a queue and puts each down as paid.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

type order struct {
	ID string `json:"id"`
}

func pay(ctx context.Context, db *dynamodb.Client, body string) error {
	var paid order
	if err := json.Unmarshal([]byte(body), &paid); err != nil {
		return err
	}
	_, err := db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                aws.String("orders"),
		Key:                      map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: paid.ID}},
		UpdateExpression:         aws.String("SET #s = :paid ADD times :one"),
		ExpressionAttributeNames: map[string]string{"#s": "state"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":paid": &types.AttributeValueMemberS{Value: "paid"},
			":one":  &types.AttributeValueMemberN{Value: "1"},
		},
	})
	return err
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	queues, db := sqs.NewFromConfig(cfg), dynamodb.NewFromConfig(cfg)
	found, err := queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(os.Getenv("QUEUE"))})
	if err != nil {
		log.Fatal(err)
	}
	for ctx.Err() == nil {
		received, err := queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: found.QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10,
		})
		if err != nil {
			log.Println(err)
			continue
		}
		for _, message := range received.Messages {
			handle(ctx, queues, db, found.QueueUrl, message)
		}
	}
}

func handle(ctx context.Context, queues *sqs.Client, db *dynamodb.Client, url *string, message sqstypes.Message) {
	if err := pay(ctx, db, *message.Body); err != nil {
		log.Println(err)
		return
	}
	_, err := queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: message.ReceiptHandle})
	if err != nil {
		log.Println(err)
	}
}
