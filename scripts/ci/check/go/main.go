// A counter by ADD without any marker: each delivery counts.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func main() {
	ctx := context.Background()
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	queue, db := sqs.NewFromConfig(settings), dynamodb.NewFromConfig(settings)
	url, err := queue.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("jobs")})
	if err != nil {
		log.Fatal(err)
	}
	for {
		received, err := queue.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: url.QueueUrl, WaitTimeSeconds: 20})
		if err != nil {
			log.Fatal(err)
		}
		for _, message := range received.Messages {
			var order struct{ Total int }
			if json.Unmarshal([]byte(*message.Body), &order) != nil || order.Total == 0 {
				continue
			}
			_, err := db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
				TableName:                 aws.String("totals"),
				Key:                       map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "all"}},
				UpdateExpression:          aws.String("ADD amount :a"),
				ExpressionAttributeValues: map[string]types.AttributeValue{":a": &types.AttributeValueMemberN{Value: fmt.Sprint(order.Total)}},
			})
			if err != nil {
				log.Print(err)
				continue
			}
			_, err = queue.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: url.QueueUrl, ReceiptHandle: message.ReceiptHandle})
			if err != nil {
				log.Print(err)
			}
		}
	}
}
